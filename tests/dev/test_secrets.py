"""What a Secret has stays in the step that is given it."""
import base64
import glob
import hashlib
import json
import os

from control_plane import ControlPlane, make_namespace
from harness.namespace import Namespace

CANARY = "canary-8d41f0c6"
# As it is, as the API has it, and as who guesses it could know it again.
TRACES = [CANARY, base64.b64encode(CANARY.encode()).decode(), hashlib.sha256(CANARY.encode()).hexdigest(),
          hashlib.sha256(base64.b64encode(CANARY.encode())).hexdigest()]

ENV = [{"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "login", "key": "password"}}}]
SPEC = {
    "defaults": {"image": "busybox:1.36", "cache": {"mode": "Auto"}},
    "steps": [
        {"name": "use", "env": ENV, "script": "test -n \"$PASSWORD\"; echo length=${#PASSWORD} > $COREFLOW_OUTPUT; echo file > /work/file",
         "outputs": [{"name": "length", "type": "Integer"}], "outputArtifacts": [{"name": "file", "path": "/work/file"}],
         "pod": {"volumes": [{"name": "work", "emptyDir": {}}]}, "volumeMounts": [{"name": "work", "mountPath": "/work"}]},
        {"name": "mount", "env": ENV, "script": "test \"$(cat /secret/password)\" = \"$PASSWORD\"",
         "pod": {"volumes": [{"name": "s", "secret": {"secretName": "login"}}]}, "volumeMounts": [{"name": "s", "mountPath": "/secret"}]},
        {"name": "fail", "env": ENV, "script": "exit 3", "continueOnFailure": True},
        {"name": "kept", "script": "true"}],
}


def test_a_secret_is_found_nowhere(tmp_path):
    plane = ControlPlane(tmp_path / "plane")
    plane.start()
    make_namespace(plane.kubectl, "ns")
    ns = Namespace(plane.kubectl, "ns")
    ns.kubectl("create", "secret", "generic", "login", f"--from-literal=password={CANARY}")
    for name in ("w", "again"):
        done = ns.run(json.dumps({"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": name}, "spec": SPEC}))
    taken = {key for key, item in ns.items(done).items() if item["cache"]["decision"] == "Hit"}
    assert taken == {"use", "mount", "kept"}, "results of steps that are given it are kept"
    seen = [ns.kubectl("get", "cfw,cfr,pods,events,configmaps", "-o", "yaml")]
    seen += [ns.kubectl("logs", pod["metadata"]["name"], "--all-containers") for pod in ns.pods()]
    assert plane.stop() == 0
    seen.append(plane.said)
    assert not [trace for trace in TRACES if trace in "".join(seen)]
    # The control plane's own state has the Secret, as etcd has; nothing else may.
    files = [path for path in glob.glob(f"{plane.folder}/**/*", recursive=True) if os.path.isfile(path)]
    assert any("results" in path for path in files), "what the step kept wrote is looked at, too"
    for path in files:
        with open(path, "rb") as file:
            text = file.read()
        assert os.path.basename(path).startswith("state.db") or not [trace for trace in TRACES if trace.encode() in text], path
