"""The fence: the API server keeps out what a former leader still sends."""
import json
import os
import signal
import subprocess

import pytest
from harness import account
from harness.fence import policies, said, trial, wait_until
from harness.kubectl import Kubectl
from harness.ledger import once
from harness.operator import Operator

SYSTEM = "coreflow-system"
# So many times the leader is stopped; COREFLOW_FENCE_ROUNDS for more.
ROUNDS = int(os.environ.get("COREFLOW_FENCE_ROUNDS", "5"))
ITEMS = 15 * ROUNDS  # some are left in the last round
# Another leads seven seconds after the leader was stopped.
LEASE = {"leaderElection": {"namespace": SYSTEM, "leaseDurationSeconds": 6, "renewDeadlineSeconds": 5, "retryPeriodSeconds": 1},
         "fence": {"installed": True}}

ONE = ('{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: one}, '
       'spec: {podCleanup: Never, steps: [{name: a, image: "busybox:1.36", command: ["true"]}]}}')


@pytest.fixture
def rights(operator, cluster):
    """The operator's account, behind the fence; the operator of the other tests has ended."""
    assert operator.stop() == 0
    path = account.kubeconfig(cluster, SYSTEM)
    with policies(cluster.kubectl, SYSTEM):
        yield path
    os.unlink(path)


def epoch_of(fence):
    return fence.get("spec", {}).get("epochs", {}).get("0", 0)


def raised(cluster, start):
    """Calls that; returns the epoch to which somebody then raises the fence."""
    system = Kubectl(cluster.kubectl.program, cluster.kubeconfig, SYSTEM)
    before = epoch_of(json.loads(system("get", "fence", "coreflow", "--ignore-not-found", "-o", "json") or "{}"))
    with system.watch("fences") as watch:
        start()
        watch.until(lambda seen: epoch_of(seen.get("coreflow", {})) > before, 60, f"a fence above {before}")
        return epoch_of(watch.objects["coreflow"])


@pytest.fixture
def replicas(rights, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps(LEASE), encoding="utf-8")
    both = [Operator(rights, f"fenced-{n}", ["--config", str(config)]) for n in (1, 2)]
    yield both
    for one in both:
        one.stop()


def test_an_operator_that_is_alone_speaks_of_no_fence(operator, ns):
    done = ns.run(ONE)
    assert "coreflow_fenced 0" in operator.metrics()
    assert "epoch" not in done["status"] and "Fenced" not in [one["type"] for one in done["status"]["conditions"]]


def test_a_pod_of_an_epoch_that_is_over_is_refused(replicas, rights, cluster, ns):
    epoch = raised(cluster, replicas[0].start)
    ours = Kubectl(cluster.kubectl.program, rights)
    assert trial(ours, epoch=epoch) == ""
    assert f"coreflow-fence: epoch {epoch - 1} is over; the bucket is at {epoch}" in trial(ours, epoch=epoch - 1)
    assert "labels below coreflow.dev/ are set and changed by CoreFlow only" in said(cluster.kubectl, {"step": "forged"})
    done = ns.run(ONE)
    assert done["status"]["epoch"] == epoch
    assert "coreflow_fenced 1" in replicas[0].metrics()
    made = ns.pods()[0]["metadata"]
    assert made["labels"]["coreflow.dev/epoch"] == str(epoch)
    text = ns.kubectl.fails("label", "pod", made["name"], "coreflow.dev/step=forged", "--overwrite")
    assert "coreflow-pods" in text


def test_a_fence_that_somebody_deletes_fails_no_step(replicas, rights, cluster, ns):
    def start():
        for one in replicas:
            one.start()
    raised(cluster, start)
    cluster.kubectl("delete", "fence", "coreflow", "-n", SYSTEM)
    ours = Kubectl(cluster.kubectl.program, rights)
    wait_until(lambda: "no params found" in trial(ours), "API servers hear that it is gone")
    done = ns.run(ONE)
    assert done["status"]["state"] == "Succeeded"
    assert len(ns.pods()) == 1


def nothing_went_back(statuses):
    """Checks what a watch has shown of a run's status, oldest first; returns how many there were."""
    shown = [status for status in statuses if "counts" in status]
    for before, after in zip(shown, shown[1:]):
        assert after["epoch"] >= before["epoch"]
        assert after["counts"]["succeeded"] >= before["counts"]["succeeded"]
        assert after["records"] >= before["records"]
    return len(shown)


@pytest.mark.own_cluster
def test_a_leader_that_was_stopped_and_wakes_starts_nothing_twice(replicas, cluster, ns, ledger, tmp_path):
    epoch = raised(cluster, replicas[0].start)
    ns.apply(ledger.workflow(ITEMS, parallelism=5, seconds=2))
    with open(tmp_path / "statuses", "wb") as statuses:
        shows = '{.status}{"\\n"}'
        watch = subprocess.Popen([*ns.kubectl.command, "get", "cfw", "counted", "--watch", "-o", f"jsonpath={shows}"], stdout=statuses)
        for turn in range(ROUNDS):
            leader, other = replicas[turn % 2], replicas[1 - turn % 2]
            ns.running_pod()
            other.start()
            epoch = raised(cluster, lambda: leader.process.send_signal(signal.SIGSTOP))
            leader.process.send_signal(signal.SIGCONT)
            leader.process.wait(30)
            assert leader.process.returncode == 1, "it has lost the Lease, and ends"
        leader.start()  # it stands by: a machine that is busy may cost the other its Lease
        ns.patch("counted", {"parallelism": 60})  # what is left need not take long
        done = ns.end("counted", timeout=300 + 10 * ROUNDS)
        watch.kill()
        watch.wait()
    assert ledger.attempts() == once(ITEMS)
    assert set(ns.states(done).values()) == {"Succeeded"}
    assert done["status"]["epoch"] >= epoch
    with open(tmp_path / "statuses", encoding="utf-8") as lines:
        assert nothing_went_back([json.loads(line) for line in lines if line.startswith("{") and line.endswith("\n")]) > ROUNDS
