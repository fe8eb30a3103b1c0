"""Two installs that serve one namespace: the Lease `coreflow-claim` says whose it is."""
import os

import pytest
from harness import account
from harness.operator import Operator

CLAIM = "coreflow-claim"
FLOW = """
    apiVersion: coreflow.dev/v1alpha1
    kind: Workflow
    metadata: {name: %s}
    spec:
      defaults: {image: "busybox:1.36"}
      steps:
      - {name: first, script: "sleep %d"}
      - {name: second, dependsOn: [first], command: ["true"]}
    """


@pytest.fixture
def installs(operator, cluster, ns):
    """Two operators, each with a Lease of its own; neither runs yet."""
    operator.stop()
    rights = account.kubeconfig(cluster, ns.name, served=[ns.name])
    both = [Operator(rights, name, ["--namespaces", ns.name, "--leader-election-namespace", ns.name, "--leader-election-name", name])
            for name in ("ours", "theirs")]
    yield both
    for one in both:
        one.stop()
    os.unlink(rights)


def test_a_namespace_is_of_one_install_until_it_is_given_up(installs, ns):
    ours, theirs = installs
    ours.start()
    ns.run(FLOW % ("before", 0))
    assert ns.get(CLAIM, "lease")["spec"]["holderIdentity"] == f"{ns.name}/ours"
    theirs.start()
    ns.run(FLOW % ("beside", 0))
    assert "coreflow_foreign_namespaces 1" in theirs.metrics()
    assert "coreflow_foreign_namespaces 0" in ours.metrics()

    ns.apply(FLOW % ("across", 5))
    ns.running_pod()
    ours.kill9()
    ns.kubectl("delete", "lease", CLAIM)
    done = ns.end("across")
    assert {key: item["attempts"] for key, item in ns.items(done).items()} == {"first": 1, "second": 1}
    assert ns.get(CLAIM, "lease")["spec"]["holderIdentity"] == f"{ns.name}/theirs"
    assert theirs.running(), "it began anew by itself"
