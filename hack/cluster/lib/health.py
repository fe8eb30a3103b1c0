"""Is a cluster well? What its components answer now counts, not what the API server remembers."""

import json
import subprocess

import images
import simulated_nodes
from namespaces import first_process
from process import Process, wait_for
from state import NODE, Cluster

UP = 120  # seconds; a cluster alone on its machine needs a tenth of it


def components(cluster: Cluster) -> dict:
    """{name: {"pid", "ready", "starts"}}; pids are those inside. Empty when nothing runs."""
    if not first_process(cluster):
        return {}
    try:
        return json.loads((cluster.folder / "status.json").read_text())
    except FileNotFoundError:
        return {}


def all_ready(cluster: Cluster) -> bool:
    found = components(cluster)
    return bool(found) and all(c["ready"] for c in found.values())


def well(cluster: Cluster) -> bool:
    return all_ready(cluster) and usable(cluster)


def kubectl(cluster: Cluster, *arguments: str, stdin: str | None = None):
    return subprocess.run(
        [cluster.programs / "kubectl", f"--kubeconfig={cluster.kubeconfig}", *arguments],
        input=stdin, text=True, capture_output=True)


def usable(cluster: Cluster) -> bool:
    """A pod made now would be accepted and find a node."""
    account = kubectl(cluster, "get", "serviceaccount", "default", "-o=name")
    ready = 'jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}'
    nodes = kubectl(cluster, "get", "nodes", f"-o={ready}")
    wanted = cluster.options.kwok or 1
    return account.returncode == 0 and nodes.stdout.split().count("True") == wanted


def wait_until_well(cluster: Cluster, archives: list) -> None:
    try:
        wait_for(lambda: Process.read(cluster.folder / "first-process"), UP, "the first process")
        if cluster.options.kwok:
            wait_for(lambda: _ready(cluster, "kube-apiserver"), UP, "the API server")
            simulated_nodes.create(cluster)
        else:
            wait_for(lambda: _ready(cluster, "containerd"), UP, "containerd")
            for archive in archives:
                images.load(cluster, archive)
        wait_for(lambda: all_ready(cluster), UP, "every component")
        wait_for(lambda: usable(cluster), UP, f"node {NODE} and the default service account")
    except TimeoutError as e:
        raise RuntimeError(f"{e}; logs are in {cluster.logs}: {components(cluster)}") from e


def _ready(cluster: Cluster, name: str) -> bool:
    if not first_process(cluster):
        raise RuntimeError(f"the cluster ended while it started; logs are in {cluster.logs}")
    return components(cluster).get(name, {}).get("ready", False)
