"""No attempt is lost or started twice, whatever dies."""
import pytest
from harness.ledger import once

ITEMS, KILLS, LIVE = 100, 5, 10


def live(pods):
    return [name for name, pod in pods.items() if pod["status"].get("phase") in ("Pending", "Running")]


@pytest.mark.own_cluster
def test_operator_killed_in_mid_run_starts_nothing_twice(operator, ns, cluster, ledger):
    ns.apply(ledger.workflow(ITEMS, parallelism=20, seconds=3))
    kills, created = 0, set()
    with ns.kubectl.watch("pods") as pods:
        while kills < KILLS:
            # Something new since the last kill, so that each one hits another moment; and enough at stake.
            pods.until(lambda all: set(all) - created and len(live(all)) >= LIVE, what=f"{LIVE} live pods, kill {kills + 1}")
            operator.kill9()
            created |= set(pods.objects)
            kills += 1
            operator.start()
    done = ns.end("counted", timeout=300)
    assert ledger.attempts() == once(ITEMS), "each attempt ran exactly once"
    creates = cluster.accepted_creates(ns.name)
    assert len(creates) == ITEMS and len(set(creates)) == ITEMS, "each pod was created exactly once"
    assert set(ns.states(done).values()) == {"Succeeded"} and len(ns.states(done)) == ITEMS


@pytest.mark.own_cluster
def test_kubelet_restarted_in_mid_run_loses_nothing(operator, ns, cluster, ledger):
    ns.apply(ledger.workflow(12, parallelism=6, seconds=4))
    with ns.kubectl.watch("pods") as pods:
        pods.until(lambda all: len([p for p in all.values() if p["status"].get("phase") == "Running"]) >= 4, what="4 running pods")
        cluster.tool("restart", "kubelet")
    done = ns.end("counted", timeout=240)
    assert ledger.attempts() == once(12)
    assert len(cluster.accepted_creates(ns.name)) == 12
    assert set(ns.attempts(done).values()) == {1}


def test_operator_that_was_away_finds_what_ended_meanwhile(operator, ns):
    ns.apply("""
        apiVersion: coreflow.dev/v1alpha1
        kind: Workflow
        metadata: {name: away}
        spec:
          defaults: {image: "busybox:1.36"}
          steps:
          - {name: first, script: "echo num=1 >$COREFLOW_OUTPUT", outputs: [{name: num, type: Integer}]}
          - {name: second, command: [echo, "$[[ steps.first.outputs.num ]]"]}
        """)
    with ns.kubectl.watch("pods") as pods:
        pods.until(bool, what="a pod")
        operator.kill9()
        pods.until(lambda seen: seen and all(p["status"].get("phase") == "Succeeded" for p in seen.values()), what="it ended unseen")
        operator.start()
    done = ns.end("away")
    assert ns.attempts(done) == {"first": 1, "second": 1}
