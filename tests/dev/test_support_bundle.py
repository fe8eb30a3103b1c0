"""What `coreflow support-bundle` packs of a real control plane, and that nothing of it was given in confidence."""
import json
import os
import signal
import socket
import subprocess
import tarfile

from control_plane import environment, unblocked
from harness import paths

CANARY = "the-bird-sings-at-noon"
SPEC = {
    "parameters": [{"name": "word", "default": CANARY}],
    "steps": [{"name": "say", "image": "busybox:1.36", "env": [{"name": "WORD", "value": CANARY}], "parameters": [{"name": "word"}],
               "script": f'echo "word={CANARY}" > "$COREFLOW_OUTPUT"', "outputs": [{"name": "word"}]}],
    "outputs": [{"name": "word", "value": "steps.say.outputs.word"}],
    "podCleanup": "Never",
}


def bundle(plane, folder, *flags):
    """What the command prints and says, and the texts of the archive by their paths."""
    path = os.path.join(folder, "b.tar.gz")
    done = subprocess.run([paths.COREFLOW, "support-bundle", f"--kubeconfig={plane.folder}/kubeconfig", "-o", path, *flags],
                          capture_output=True, text=True, env=environment(folder), check=False)
    assert (done.returncode, done.stdout) == (0, path + "\n"), done.stderr
    assert os.stat(path).st_mode & 0o777 == 0o600
    with tarfile.open(path) as archive:
        return done.stderr, {member.name.removeprefix("coreflow-support/"): archive.extractfile(member).read().decode()
                             for member in archive.getmembers()}


def test_it_has_the_objects_and_none_of_their_values(plane, ns, tmp_path):
    ns.kubectl("create", "secret", "generic", "login", f"--from-literal=password={CANARY}")
    ns.kubectl("create", "configmap", "settings", f"--from-literal=word={CANARY}")
    thing = {"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": "w", "annotations": {"note": CANARY}},
             "spec": SPEC}
    ns.run(json.dumps(thing))
    raw = ns.kubectl("get", "cfw,cfr,pods,configmaps", "-o", "json")
    assert raw.count(CANARY) > 10 and "last-applied-configuration" in raw

    said, files = bundle(plane, tmp_path, "-n", ns.name)
    assert "Look through it before you give it away." in said
    assert not [name for name, text in files.items() if CANARY in text or "secret" in name]
    workflow = json.loads(files[f"namespaces/{ns.name}/workflows/w.json"])
    assert workflow["status"]["state"] == "Succeeded"
    assert workflow["spec"]["parameters"][0] == {"name": "word", "default": f"[left out: {len(CANARY)} bytes]"}
    kinds = {name.split("/")[2] for name in files if name.startswith("namespaces/")}
    assert kinds >= {"workflows", "workflowrecords", "pods", "events", "configmaps"}
    assert json.loads(files["versions.json"])["server"]["gitVersion"]
    assert "start workflows" in files["doctor.txt"]
    assert json.loads(files["crds/workflows.coreflow.dev.json"])["spec"]["versions"][0]["name"] == "v1alpha1"
    assert "logs of the operator: no pods" in files["index.txt"]
    assert 'coreflow_workflow_runs{state="Succeeded"}' in files["operator/metrics/server.txt"]


def test_a_file_that_is_there_is_not_replaced(plane, tmp_path):
    path = tmp_path / "b.tar.gz"
    path.write_text("mine")
    done = subprocess.run([paths.COREFLOW, "support-bundle", f"--kubeconfig={plane.folder}/kubeconfig", "-o", path],
                          capture_output=True, text=True, env=environment(tmp_path), check=False)
    assert done.returncode == 1 and "is there already, and is not replaced" in done.stderr
    assert path.read_text() == "mine"


def test_ctrl_c_leaves_no_file(tmp_path):
    """The API server takes the connection and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        config = {"apiVersion": "v1", "kind": "Config", "current-context": "c", "users": [],
                  "clusters": [{"name": "c", "cluster": {"server": f"http://127.0.0.1:{silent.getsockname()[1]}"}}],
                  "contexts": [{"name": "c", "context": {"cluster": "c"}}]}
        (tmp_path / "kubeconfig").write_text(json.dumps(config))
        process = subprocess.Popen([paths.COREFLOW, "support-bundle", f"--kubeconfig={tmp_path}/kubeconfig", "-o", tmp_path / "b.tar.gz"],
                                   stdout=subprocess.PIPE, text=True, env=environment(tmp_path), preexec_fn=unblocked)
        connection, _ = silent.accept()
        with connection:
            assert (tmp_path / "b.tar.gz").exists()
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=30)[0] == ""
    assert process.returncode == 130
    assert not (tmp_path / "b.tar.gz").exists()
