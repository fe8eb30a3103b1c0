"""Two replicas of the operator: one leads, the other takes over."""
import os

import pytest
from harness import account
from harness.flows import two_steps
from harness.operator import Operator

LEASE = "coreflow-operator"


def holder(ns):
    return ns.get(LEASE, "lease")["spec"].get("holderIdentity")


@pytest.fixture
def replicas(operator, cluster, ns):
    """Two operators that compete for one Lease in the test's namespace and serve that namespace; each with another HTTP library."""
    operator.stop()
    rights = account.kubeconfig(cluster, ns.name, served=[ns.name])
    both = [Operator(rights, f"replica-{n}", ["--namespaces", ns.name, "--leader-election-namespace", ns.name, "--http-client", client])
            for n, client in ((1, "Beast"), (2, "CppRest"))]
    both[0].start()
    ns.kubectl("wait", "--for=create", f"lease/{LEASE}", "--timeout=30s")
    both[1].start()
    yield both
    os.unlink(rights)
    for one in both:
        one.stop()


def test_the_other_replica_takes_over_when_the_leader_is_killed(replicas, ns, cluster):
    ns.run(two_steps("before", "true"))
    before = holder(ns)
    ns.apply(two_steps("during", "sleep 5"))
    with ns.kubectl.watch("pods") as pods:
        pods.until(lambda all: any(p["status"].get("phase") == "Running" for p in all.values()), what="a running pod")
        replicas[0].kill9()
    done = ns.end("during")
    assert holder(ns) != before
    assert ns.attempts(done) == {"first": 1, "second": 1}


def test_a_leader_that_is_asked_to_end_hands_over_at_once(replicas, ns):
    ns.run(two_steps("before", "true"))
    before = holder(ns)
    assert replicas[0].stop() == 0
    # Far less than the 15 seconds that a Lease lasts: the one who leaves gives it back.
    ns.wait(LEASE, lambda lease: lease["spec"].get("holderIdentity") not in ("", None, before), 8, "lease")
    ns.run(two_steps("after", "true"))
