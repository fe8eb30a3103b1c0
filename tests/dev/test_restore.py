"""The drill of docs/disaster-recovery.md: what was saved of one control plane goes on in another, and nothing runs twice that
had ended; and what comes of a store that is lost."""
import json
import os
import re
import runpy
import shutil
import subprocess

import pytest
from control_plane import ControlPlane, environment, make_namespace
from harness import paths
from harness.namespace import Namespace, condition, has_ended

PAGE = os.path.join(paths.ROOT, "docs/disaster-recovery.md")
STEP = {"image": "busybox:1.36", "volumeMounts": [{"name": "ledger", "mountPath": "/ledger"}]}


def step(name, script="", **more):
    """One that tells the ledger of its start."""
    return {"name": name, "script": f"echo {name} $COREFLOW_WORKFLOW >>/ledger/ledger; {script}", **STEP, **more}


def workflow(name, folder, *steps, **more):
    volumes = [{"name": "ledger", "hostPath": {"path": str(folder)}}]
    return {"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": name},
            "spec": {"defaults": {"pod": {"volumes": volumes}}, "steps": list(steps), **more}}


def command(name):
    """The commands of the page below this mark."""
    with open(PAGE, encoding="utf-8") as page:
        return re.search(rf"<!-- drill: {name} -->\n+```sh\n(.*?)```", page.read(), re.DOTALL)[1]


class Site:
    """A control plane, and what stays when another takes its place: a folder for the ledger and for what is saved."""

    def __init__(self, tmp_path, name, ledger):
        self.tmp_path = tmp_path
        self.plane = ControlPlane(tmp_path / name, f"--allow-host-path={ledger}")
        self.plane.start()
        make_namespace(self.plane.kubectl, "team")
        self.ns = Namespace(self.plane.kubectl, "team")

    def shell(self, text, **variables):
        """As who reads the page types it; what it prints."""
        bin_ = self.tmp_path / "bin"
        bin_.mkdir(exist_ok=True)
        for name, program in (("kubectl", self.plane.kubectl.program), ("coreflow", paths.COREFLOW)):
            (bin_ / name).unlink(missing_ok=True)
            (bin_ / name).symlink_to(program)
        told = environment(self.tmp_path, KUBECONFIG=self.plane.kubectl.kubeconfig, SAVED=str(self.tmp_path / "saved.json"), **variables)
        told["PATH"] = f"{bin_}:{told['PATH']}"
        done = subprocess.run(["bash", "-ec", text], cwd=paths.ROOT, env=told, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def ledger(tmp_path):
    folder = tmp_path / "ledger"
    folder.mkdir()
    return folder


def lines(ledger):
    return sorted((ledger / "ledger").read_text(encoding="utf-8").split("\n"))[1:]


def first_site(tmp_path, ledger):
    """Runs of every kind, saved as the page says; then the control plane is lost."""
    site = Site(tmp_path, "first", ledger)
    gate = "until [ -e /ledger/gate ]; do sleep 0.05; done"
    things = [
        workflow("done", ledger, step("a"), step("b", dependsOn=["a"])),
        workflow("failed", ledger, step("good"), step("bad", "test -e /ledger/gate", dependsOn=["good"])),
        workflow("half", ledger, step("first", "echo n=7 >$COREFLOW_OUTPUT", outputs=[{"name": "n", "type": "Integer"}]),
                 step("second", gate + "; test $N = 7", dependsOn=["first"], env=[{"name": "N", "value": "$[[ steps.first.outputs.n ]]"}])),
        workflow("held", ledger, step("later"), suspend=True)]
    for thing in things:
        site.ns.apply(json.dumps(thing))
    site.ns.end("done")
    site.ns.end("failed", "Failed")
    site.shell("coreflow rerun done --namespace team --wait")
    site.ns.wait("held", lambda thing: thing.get("status", {}).get("state") == "Suspended", what="held is suspended")
    half = site.ns.wait("half", lambda thing: thing.get("status", {}).get("progress", "").startswith("1/"), what="the first step is done")
    with site.ns.kubectl.watch("workflowrecords") as records:
        records.until(lambda all: any(record.get("results") for record in all.values()
                                      if record["metadata"]["ownerReferences"][0]["uid"] == half["metadata"]["uid"]), what="its record")
    site.ns.running_pod()
    site.shell(command("save"))
    site.plane.kill9()


def names_that_restore_makes(tmp_path):
    """For each saved record, bound to the UID that it has: (name and label, as the operator made them)."""
    tool = runpy.run_path(os.path.join(paths.ROOT, "hack/restore"))
    things = json.loads((tmp_path / "saved.json").read_text(encoding="utf-8"))["items"]
    for saved in (thing for thing in things if thing["kind"] == "Workflow"):
        for record in (thing for thing in things if thing["kind"] == "WorkflowRecord" and tool["is_of"](thing, saved)):
            made = tool["bound"](record, saved, saved["metadata"]["uid"])["metadata"]
            yield [(one["name"], one["labels"]) for one in (made, record["metadata"])]


def test_what_was_saved_goes_on_in_another_control_plane(tmp_path, ledger):
    first_site(tmp_path, ledger)
    things = json.loads((tmp_path / "saved.json").read_text(encoding="utf-8"))["items"]
    saved = {thing["metadata"]["name"]: thing for thing in things}
    assert "second half" in lines(ledger), "it ran when it was saved"
    records = list(names_that_restore_makes(tmp_path))
    assert len(records) >= 6 and all(made == was for made, was in records), records
    before = lines(ledger)
    site = Site(tmp_path, "second", ledger)
    said = site.shell(command("restore"))
    assert "workflow/done in team: Succeeded, with 4 records" in said, said
    site.ns.running_pod()
    (ledger / "gate").touch()
    site.ns.end("half")
    for name, state, number in (("done", "Succeeded", 2), ("failed", "Failed", 1)):
        thing = site.ns.wait(name, has_ended, what=f"{name} is looked at")
        assert (thing["status"]["state"], thing["status"]["run"]["number"]) == (state, number), condition(thing)
        assert thing["status"]["run"] == saved[name]["status"]["run"], "when it began and ended is what it was"
    assert sorted([*before, "second half"]) == lines(ledger), "only what had not ended ran once more"
    site.ns.patch("held", {"suspend": None})
    site.ns.end("held")
    site.shell("coreflow retry failed --namespace team --wait")
    assert site.ns.get("failed")["status"]["run"]["reused"] == 1 and lines(ledger).count("good failed") == 1
    assert "left alone" in site.shell(command("restore"))
    assert site.plane.stop() == 0


def test_made_again_from_its_manifest_alone_what_had_ended_runs_again(tmp_path, ledger):
    """As after `kubectl apply` from Git: the page warns of it."""
    first_site(tmp_path, ledger)
    before = lines(ledger).count("a done")
    site = Site(tmp_path, "second", ledger)
    site.ns.apply(json.dumps(workflow("done", ledger, step("a"), step("b", dependsOn=["a"]))))
    site.ns.end("done")
    assert lines(ledger).count("a done") == before + 1
    assert site.plane.stop() == 0


def test_what_an_artifact_is_needed_for_when_the_store_is_lost(tmp_path, ledger):
    site = Site(tmp_path, "first", ledger)
    gate = "until [ -e /ledger/gate ]; do sleep 0.05; done"
    site.ns.apply(json.dumps(workflow(
        "w", ledger, step("leaves", "echo x >/ledger/file", outputArtifacts=[{"name": "file", "path": "/ledger/file"}]),
        step("waits", gate, dependsOn=["leaves"]),
        step("takes", "test $(cat /in/file) = x", dependsOn=["waits"],
             inputs={"artifacts": [{"name": "file", "path": "/in/file", "from": "steps.leaves.artifacts.file"}]}))))
    site.ns.wait("w", lambda thing: thing.get("status", {}).get("progress", "").startswith("1/"), what="the artifact is there")
    blobs = os.path.join(site.plane.folder, "store/blobs")
    shutil.rmtree(blobs)
    os.mkdir(blobs)
    (ledger / "gate").touch()
    failed = site.ns.items(site.ns.end("w", "Failed"))["takes"]
    assert (failed["reason"], "file" in failed["message"]) == ("ArtifactFailed", True), failed
    site.shell("coreflow retry w --step leaves --namespace team --wait")
    assert site.plane.stop() == 0
