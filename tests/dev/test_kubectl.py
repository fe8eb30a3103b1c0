"""kubectl with the embedded control plane: what it prints is in transcripts/."""
import os
import signal
import subprocess
import threading

import pytest
from control_plane import ControlPlane
from harness.kubectl import CommandFailed
from transcript import Transcript

CHAIN = """
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: chain}
spec:
  podCleanup: Never
  steps:
  - {name: first, image: "busybox:1.36", command: [sh, -c, "echo one; echo two; echo three"]}
  - {name: second, image: "busybox:1.36", command: [sh, -c, "echo bad >&2; exit 3"], dependsOn: [first]}
"""
POD = """
apiVersion: v1
kind: Pod
metadata: {name: GATED}
spec:
  restartPolicy: Never
  terminationGracePeriodSeconds: 1
  containers:
  - {name: main, image: "busybox:1.36", command: [sh, -c, "echo up; until [ -e GATE ]; do sleep 0.05; done; echo down"]}
"""


class Session:
    """Types kubectl commands; what they print goes to a transcript, also when they fail."""

    def __init__(self, ns, name, replace=()):
        self.ns = ns
        self.transcript = Transcript(name, [(ns.name, "<namespace>"), *replace])

    def __call__(self, *arguments, stdin=None):
        try:
            said = self.ns.kubectl(*arguments, stdin=stdin)
        except CommandFailed as failure:
            said = failure.text
        self.transcript.add("kubectl " + " ".join(arguments), said)
        return said


def test_a_workflow_from_apply_to_delete(ns):
    type_in = Session(ns, "workflow")
    type_in("apply", "-f", "-", stdin=CHAIN)
    type_in("wait", "cfw/chain", "--for=condition=Succeeded=False", "--timeout=60s")
    type_in("apply", "-f", "-", stdin=CHAIN)
    type_in("get", "cfw")
    type_in("get", "cfw", "-o", "wide")
    type_in("get", "cfw", "chain", "-o", "yaml")
    type_in("get", "cfw", "-o", "name")
    type_in("get", "cfw", "chain", "-o", "jsonpath={.status.state}")
    type_in("get", "cfw", "none")
    type_in("describe", "cfw", "chain")
    type_in("get", "events", "--sort-by=.reason")
    type_in("delete", "cfw", "chain")
    type_in("delete", "cfw", "chain")
    type_in("get", "cfw")
    type_in.transcript.compare()


def test_pods_and_their_logs(ns, tmp_path):
    type_in = Session(ns, "pods", [(str(tmp_path), "<folder>")])
    gate = tmp_path / "gate"
    type_in("create", "-f", "-", stdin=POD.replace("GATED", "gated").replace("GATE", str(gate)))
    type_in("wait", "pod/gated", "--for=condition=Ready", "--timeout=60s")
    type_in("get", "pods")
    type_in("get", "pods", "-o", "wide")
    type_in("logs", "gated")
    type_in("logs", "gated", "-c", "other")
    gate.touch()
    type_in("wait", "pod/gated", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s")
    type_in("logs", "gated")
    type_in("logs", "gated", "--tail=1")
    type_in("logs", "-f", "gated")
    type_in("get", "pod", "gated", "-o", "yaml")
    type_in("describe", "pod", "gated")
    type_in("delete", "pod", "gated")
    type_in("logs", "gated")
    type_in.transcript.compare()


def test_what_there_is_at_first(plane, ns):
    type_in = Session(ns, "first")
    type_in("api-resources")
    type_in("get", "namespaces", "default", "kube-system")
    type_in("get", "nodes")
    type_in("version")
    type_in.transcript.compare()


def test_logs_are_followed_until_the_end(ns, tmp_path):
    gate = tmp_path / "gate"
    ns.kubectl("create", "-f", "-", stdin=POD.replace("GATED", "gated").replace("GATE", str(gate)))
    ns.kubectl("wait", "pod/gated", "--for=condition=Ready", "--timeout=60s")
    with subprocess.Popen([*ns.kubectl.command, "logs", "-f", "gated"], stdout=subprocess.PIPE, text=True) as follower:
        assert follower.stdout.readline() == "up\n"
        gate.touch()
        assert follower.stdout.read() == "down\n"
    assert follower.returncode == 0


def test_a_watch_shows_the_run_go_by(ns):
    with subprocess.Popen([*ns.kubectl.command, "get", "cfw", "-w", "-o", "jsonpath={.status.state}{\"\\n\"}"],
                          stdout=subprocess.PIPE, text=True) as watch:
        alarm = threading.Timer(60, watch.kill)  # the reads below end then
        alarm.start()
        ns.apply(CHAIN)
        seen = []
        while "Failed" not in seen:
            line = watch.stdout.readline()
            assert line, f"the watch ended after {seen}"
            seen.append(line.strip())
        alarm.cancel()
        watch.kill()
    assert [state for state in dict.fromkeys(seen) if state] == ["Running", "Failed"]


def test_a_deleted_pod_ends_within_its_grace(ns, tmp_path):
    ns.kubectl("create", "-f", "-", stdin=POD.replace("GATED", "gated").replace("GATE", str(tmp_path / "gate")))
    ns.kubectl("wait", "pod/gated", "--for=condition=Ready", "--timeout=60s")
    ns.kubectl("delete", "pod", "gated", "--timeout=20s")
    assert not ns.pods()


def test_a_namespace_goes_with_all_that_is_in_it(plane, ns):
    ns.apply(CHAIN)
    ns.end("chain", "Failed")
    plane.kubectl("delete", "namespace", ns.name, "--timeout=60s")
    assert ns.kubectl("get", "cfw,cfr,pods,events", "-o", "name") == ""


def test_the_second_one_in_a_folder_is_told(plane):
    second = subprocess.run(plane.command, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode != 0 and "is in use by another process" in second.stderr, second.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_what_was_stopped_goes_on_where_it_was(tmp_path, how):
    plane = ControlPlane(tmp_path / "data")
    plane.start()
    plane.kubectl("apply", "-f", "-", stdin=CHAIN)
    plane.kubectl("wait", "cfw/chain", "--for=condition=Succeeded=False", "--timeout=60s")
    before = plane.kubectl.json("cfw", "chain")
    assert plane.stop(how) == 0 and plane.said.endswith("Stopped.\n")
    plane.start()
    assert plane.kubectl.json("cfw", "chain") == before
    first = next(pod["metadata"]["name"] for pod in plane.kubectl.items("pods") if pod["status"]["phase"] == "Succeeded")
    assert plane.kubectl("logs", first) == "one\ntwo\nthree\n"
    assert plane.stop() == 0


def test_an_ephemeral_one_keeps_nothing(tmp_path):
    plane = ControlPlane(tmp_path / "data", "--ephemeral")
    plane.start()
    plane.kubectl("apply", "-f", "-", stdin=CHAIN)
    plane.kubectl("wait", "cfw/chain", "--for=condition=Succeeded=False", "--timeout=60s")
    assert plane.stop() == 0
    assert not os.path.exists(tmp_path / "data/state.db") and not os.path.exists(tmp_path / "data/pods")
    plane.start()
    assert plane.kubectl("get", "cfw", "-o", "name") == ""
    assert plane.stop() == 0
