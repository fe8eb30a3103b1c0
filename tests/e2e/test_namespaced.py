"""An install that may touch one namespace only."""
import os

import pytest
from harness import account
from harness.kubectl import CommandFailed
from harness.operator import Operator

FLOW = """
    apiVersion: coreflow.dev/v1alpha1
    kind: Workflow
    metadata: {name: small}
    spec:
      steps: [{name: only, image: "busybox:1.36", command: ["true"]}]
    """

# What the CRD says of an object that no operator has seen.
NOT_SEEN = {"observedGeneration": -1}


@pytest.fixture
def namespaced(operator, cluster, ns):
    """An operator for the test's namespace, with rights in it only; the one for all namespaces rests meanwhile."""
    operator.stop()
    rights = account.kubeconfig(cluster, ns.name, served=[ns.name])
    process = Operator(rights, "namespaced", ["--namespaces", ns.name, "--leader-election-namespace", ns.name])
    process.start()
    yield process
    os.unlink(rights)
    assert process.stop() == 0


def test_namespaced_mode_runs_its_namespace_and_no_other(namespaced, cluster, ns):
    other = f"{ns.name}-other"
    cluster.kubectl("create", "namespace", other)
    try:
        cluster.kubectl("apply", "-n", other, "-f", "-", stdin=FLOW)
        ns.run(FLOW)
        assert cluster.kubectl.json("-n", other, "cfw", "small")["status"] == NOT_SEEN
    finally:
        cluster.kubectl("delete", "namespace", other, "--wait=false")


def test_namespaced_mode_needs_no_cluster_rights(namespaced, ns):
    ns.run(FLOW)
    with pytest.raises(CommandFailed, match="forbidden"):
        ns.kubectl("get", "cfw", "-A", f"--as=system:serviceaccount:{ns.name}:{account.ACCOUNT}")
