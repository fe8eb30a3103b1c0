"""The drill of docs/disaster-recovery.md: what was saved of one control plane goes on in another, and nothing runs twice that
had ended; and what comes of a store that is lost."""
import json
import os
import shutil

import pytest
from control_plane import ControlPlane, make_namespace
from harness import drill
from harness.drill import GATE, lines, step, workflow
from harness.namespace import Namespace
from harness.shell import Shell


class Site:
    """A control plane with the namespace `team`, and a shell that knows it."""

    def __init__(self, tmp_path, name, ledger):
        self.plane = ControlPlane(tmp_path / name, f"--allow-host-path={ledger}")
        self.plane.start()
        make_namespace(self.plane.kubectl, "team")
        self.ns = Namespace(self.plane.kubectl, "team")
        self.shell = Shell(tmp_path / f"{name}-home", self.plane.kubectl.kubeconfig)


@pytest.fixture
def ledger(tmp_path):
    folder = tmp_path / "ledger"
    folder.mkdir()
    return folder


@pytest.fixture
def saved(tmp_path, ledger):
    """What was saved of a control plane that was lost then."""
    site = Site(tmp_path, "first", ledger)
    drill.save(site.ns, site.shell, ledger, tmp_path / "saved.json")
    site.plane.kill9()
    return tmp_path / "saved.json"


def test_what_was_saved_goes_on_in_another_control_plane(tmp_path, ledger, saved):
    assert "second half" in lines(ledger), "it ran when it was saved"
    records = list(drill.names_that_restore_makes(saved))
    assert len(records) >= 6 and all(made == was for made, was in records), records
    before = lines(ledger)
    site = Site(tmp_path, "second", ledger)
    said = drill.restore(site.shell, saved)
    assert "workflow/done in team: Succeeded, with 4 records" in said, said
    drill.goes_on(site.ns, site.shell, ledger, saved, before)
    assert site.plane.stop() == 0


@pytest.mark.usefixtures("saved")
def test_made_again_from_its_manifest_alone_what_had_ended_runs_again(tmp_path, ledger):
    """As after `kubectl apply` from Git: the page warns of it."""
    before = lines(ledger).count("a done")
    site = Site(tmp_path, "second", ledger)
    site.ns.apply(json.dumps(workflow("done", ledger, step("a"), step("b", dependsOn=["a"]))))
    site.ns.end("done")
    assert lines(ledger).count("a done") == before + 1
    assert site.plane.stop() == 0


def test_what_an_artifact_is_needed_for_when_the_store_is_lost(tmp_path, ledger):
    site = Site(tmp_path, "first", ledger)
    site.ns.apply(json.dumps(workflow(
        "w", ledger, step("leaves", "echo x >/ledger/file", outputArtifacts=[{"name": "file", "path": "/ledger/file"}]),
        step("waits", GATE, dependsOn=["leaves"]),
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
