"""An install that may touch one namespace only."""
import json

import pytest
from harness.kubectl import CommandFailed
from harness.namespace import has_ended
from harness.operator import Operator

FLOW = """
    apiVersion: coreflow.dev/v1alpha1
    kind: Workflow
    metadata: {name: small}
    spec:
      steps: [{name: only, image: "busybox:1.36", command: ["true"]}]
    """


def restricted_kubeconfig(cluster, ns, folder):
    """A kubeconfig whose service account has the rights that the chart gives to a namespaced install, and no others."""
    from harness import paths
    with open(f"{paths.ROOT}/tests/e2e/namespaced_role.yaml", encoding="utf-8") as role:
        ns.apply(role.read())
    ns.kubectl("create", "serviceaccount", "coreflow")
    ns.kubectl("create", "rolebinding", "coreflow", "--role=coreflow", f"--serviceaccount={ns.name}:coreflow")
    config = json.loads(cluster.kubectl("config", "view", "--raw", "--minify", "-o", "json"))
    config["users"][0]["user"] = {"token": ns.kubectl("create", "token", "coreflow").strip()}
    file = folder / "kubeconfig"
    file.write_text(json.dumps(config))
    return str(file)


@pytest.fixture
def namespaced(operator, cluster, ns, tmp_path):
    """An operator of its own for the test's namespace, with rights in it only; the one for all namespaces rests meanwhile."""
    operator.stop()
    process = Operator(restricted_kubeconfig(cluster, ns, tmp_path), "namespaced", ["--namespace", ns.name])
    process.start()
    yield process
    code = process.stop()
    operator.start()
    assert code == 0


def test_namespaced_mode_runs_its_namespace_and_no_other(namespaced, cluster, ns):
    other = f"{ns.name}-other"
    cluster.kubectl("create", "namespace", other)
    try:
        cluster.kubectl("apply", "-n", other, "-f", "-", stdin=FLOW)
        ns.run(FLOW)
        assert not has_ended(cluster.kubectl.json("-n", other, "cfw", "small"))
        assert "status" not in cluster.kubectl.json("-n", other, "cfw", "small")
    finally:
        cluster.kubectl("delete", "namespace", other, "--wait=false")


def test_namespaced_mode_needs_no_cluster_rights(namespaced, ns):
    ns.run(FLOW)
    with pytest.raises(CommandFailed, match="forbidden"):
        ns.kubectl("get", "cfw", "-A", f"--as=system:serviceaccount:{ns.name}:coreflow")
