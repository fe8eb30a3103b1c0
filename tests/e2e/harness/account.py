"""Kubeconfigs with just the rights that the chart gives to the operator."""
import json
import os
import tempfile

from harness import paths

ACCOUNT = "coreflow-operator"


def kubeconfig(cluster, roles, operator_namespace, served_namespace=""):
    """Applies charts/coreflow/files/<roles>, and returns the path of a kubeconfig for the account that it names.

    The account is made in `operator_namespace`, which must be there; `served_namespace` stands for the files' example.
    """
    with open(os.path.join(paths.ROOT, "charts/coreflow/files", roles), encoding="utf-8") as file:
        text = file.read().replace("coreflow-system", operator_namespace).replace("team-a", served_namespace or "team-a")
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": ACCOUNT, "namespace": operator_namespace}}
    cluster.kubectl("apply", "-f", "-", stdin=json.dumps(account))
    cluster.kubectl("apply", "-f", "-", stdin=text)
    config = json.loads(cluster.kubectl("config", "view", "--raw", "--minify", "-o", "json"))
    token = cluster.kubectl("create", "token", ACCOUNT, "-n", operator_namespace, "--duration=24h").strip()
    config["users"][0]["user"] = {"token": token}
    handle, path = tempfile.mkstemp(prefix="coreflow-e2e-", suffix=".kubeconfig")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(config, file)
    return path
