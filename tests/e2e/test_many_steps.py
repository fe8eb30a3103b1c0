"""A thousand steps on simulated nodes, while what they rely on dies: the same ends as undisturbed, and few writes more."""
import json
import os
import time

import pytest
from harness import account, namespace
from harness.cluster import Cluster
from harness.operator import Operator

STEPS, KILLS = 1000, 4
WRITES_A_STEP = 3.2


@pytest.fixture
def simulated():
    """A cluster of its own, of simulated nodes."""
    made = Cluster(["--kwok", "20"], suffix="-many")
    yield made
    made.down()


@pytest.fixture
def its_operator(simulated):
    simulated.kubectl("create", "namespace", "coreflow-system")
    rights = account.kubeconfig(simulated, "coreflow-system")
    operator = Operator(rights, "many-steps", ["--leader-election", "false"])
    operator.start()
    yield operator
    assert operator.stop() == 0
    os.unlink(rights)


def await_pods(ns, claim, what):
    """Asks for the names of the pods until the claim holds of them; a watch would not survive what happens here."""
    deadline = time.monotonic() + 120
    while True:
        names = set(ns.kubectl("get", "pods", "-o", "name").split())
        if claim(names):
            return names
        assert time.monotonic() < deadline, f"pods: not seen within 120 s: {what}; {len(names)} are there"


def run(cluster, name, disturb):
    """Runs the steps in a namespace of that name, calls disturb(ns) meanwhile; gives their ends and the operator's writes."""
    ns = namespace.make(cluster.kubectl, name)
    ns.apply(f"""
        apiVersion: coreflow.dev/v1alpha1
        kind: Workflow
        metadata: {{name: many}}
        spec:
          parallelism: 200
          steps:
          - {{name: work, image: "busybox:1.36", command: ["true"], forEach: {{items: "{list(range(STEPS - 1))}"}}}}
          - {{name: last, image: "busybox:1.36", command: ["true"], dependsOn: [work]}}
        """)
    disturb(ns)
    done = ns.end("many", timeout=300)
    await_pods(ns, lambda names: not names, "all are swept: cleaning up counts too")
    creates = cluster.accepted_creates(name)
    assert len(creates) == STEPS and len(set(creates)) == STEPS, "each pod was created exactly once"
    writes = [event for what in ("pods", "events", "workflows", "workflowrecords") for event in cluster.audit(name, what)
              if account.ACCOUNT in event["user"]["username"] and event["verb"] not in ("get", "list", "watch")]
    ends = {key: (item["state"], item["attempts"]) for key, item in ns.items(done).items()}
    return ends, len(writes) / STEPS


@pytest.mark.own_cluster
def test_a_thousand_steps_end_as_undisturbed_when_operator_and_api_server_die(simulated, its_operator):
    def disturb(ns):
        created = set()
        for kill in range(KILLS):
            created |= await_pods(ns, lambda names: len(names - created) >= STEPS // 10, f"enough new ones, kill {kill + 1}")
            its_operator.kill9()
            if kill == 1:
                simulated.tool("restart", "kube-apiserver")
            its_operator.start()

    ends, writes = run(simulated, "undisturbed", lambda ns: None)
    assert len(ends) == STEPS and set(ends.values()) == {("Succeeded", 1)}
    ends_disturbed, writes_disturbed = run(simulated, "disturbed", disturb)
    assert ends_disturbed == ends
    print(json.dumps({"writes_a_step": writes, "disturbed": writes_disturbed}))
    assert writes <= WRITES_A_STEP and writes_disturbed <= WRITES_A_STEP
