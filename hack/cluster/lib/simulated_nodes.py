"""Nodes that only exist in the API server; kwok answers for them. No container ever runs there."""

import json
import subprocess

from state import Cluster


def node(number: int) -> dict:
    name = f"kwok-{number}"
    size = {"cpu": "64", "memory": "512Gi", "pods": "10000"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
                       "kubernetes.io/arch": "amd64", "type": "kwok"},
        },
        "status": {"allocatable": size, "capacity": size},
    }


def create(cluster: Cluster) -> None:
    nodes = [node(i) for i in range(cluster.options.kwok)]
    subprocess.run(
        [cluster.programs / "kubectl", f"--kubeconfig={cluster.kubeconfig}", "create", "-f", "-"],
        input=json.dumps({"apiVersion": "v1", "kind": "List", "items": nodes}),
        text=True, check=True, stdout=subprocess.DEVNULL)
