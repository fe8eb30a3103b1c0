"""Kubeconfigs with just the rights that the chart gives to the operator."""
import json
import os
import tempfile

from harness import chart

ACCOUNT = "coreflow-operator"


def kubeconfig(cluster, operator_namespace, served=(), asked=()):
    """Makes the account and the roles of an install in `operator_namespace`, which must be there, that serves the named
    namespaces, or all, with the values that are asked for; returns the path of a kubeconfig for it."""
    roles = chart.rendered(operator_namespace, "serviceaccount.yaml", "rbac.yaml", namespaces=served, asked=asked)
    cluster.kubectl("apply", "-f", "-", stdin=roles)
    config = json.loads(cluster.kubectl("config", "view", "--raw", "--minify", "-o", "json"))
    token = cluster.kubectl("create", "token", ACCOUNT, "-n", operator_namespace, "--duration=24h").strip()
    config["users"][0]["user"] = {"token": token}
    handle, path = tempfile.mkstemp(prefix="coreflow-e2e-", suffix=".kubeconfig")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(config, file)
    return path
