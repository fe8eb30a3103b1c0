"""Two installs that serve one namespace: the Lease `coreflow-claim` says whose it is."""
import os

import pytest
from harness import account
from harness.flows import two_steps
from harness.operator import Operator

CLAIM = "coreflow-claim"


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
    ns.run(two_steps("before", "sleep 0"))
    assert ns.get(CLAIM, "lease")["spec"]["holderIdentity"] == f"{ns.name}/ours"
    theirs.start()
    ns.run(two_steps("beside", "sleep 0"))
    assert "coreflow_foreign_namespaces 1" in theirs.metrics()
    assert "coreflow_foreign_namespaces 0" in ours.metrics()

    ns.apply(two_steps("across", "sleep 5"))
    ns.running_pod()
    ours.kill9()
    ns.kubectl("delete", "lease", CLAIM)
    done = ns.end("across")
    assert ns.attempts(done) == {"first": 1, "second": 1}
    assert ns.get(CLAIM, "lease")["spec"]["holderIdentity"] == f"{ns.name}/theirs"
    assert theirs.running(), "it began anew by itself"
