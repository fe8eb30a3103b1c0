"""hack/restore, cut at any request and begun anew. That the operator believes what it makes, tests/dev/test_restore.py shows."""
import copy
import json
import os
import runpy
import subprocess

import pytest

OBJECT = {
    "apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "spec": {"steps": []},
    "metadata": {"name": "w", "namespace": "ns", "uid": "old", "generation": 3, "resourceVersion": "9", "labels": {"a": "b"}},
    "status": {"observedGeneration": 3, "epoch": 7, "state": "Succeeded", "run": {"number": 1}}}
OWNER = {"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "name": "w", "uid": "old", "controller": True}


def record(index):
    return {"apiVersion": "coreflow.dev/v1alpha1", "kind": "WorkflowRecord", "run": 1, "index": index, "format": 1,
            "metadata": {"name": f"w-x-r1-{index}", "namespace": "ns", "uid": f"r{index}", "ownerReferences": [OWNER]}}


class Kubectl:
    """An API server that takes what hack/restore asks for, until it has been asked so often."""

    def __init__(self):
        self.objects, self.left = {}, 1000

    def run(self, words, input, **_):
        self.left -= 1
        if self.left < 0:
            raise subprocess.CalledProcessError(1, words)
        answer = getattr(self, words[1])(words[2:], json.loads(input))
        return subprocess.CompletedProcess(words, 0, json.dumps(answer) if answer else "")

    def get(self, words, _):
        return self.objects.get((words[0], words[1]))

    def create(self, _, body):
        assert not {"uid", "resourceVersion"} & body["metadata"].keys() and "status" not in body
        made = copy.deepcopy(body)
        made["metadata"] |= {"uid": "new-" + body["metadata"]["name"], "generation": 1}
        self.objects[body["kind"].lower() + "s.coreflow.dev", body["metadata"]["name"]] = made
        return made

    def patch(self, words, _):
        thing, change = self.objects[words[0], words[1]], json.loads(words[words.index("--patch") + 1])
        assert ("status" in change) == ("--subresource=status" in words)
        if "status" in change:
            thing["status"] = change["status"]
            return thing
        for part, values in (("spec", change["spec"]), ("annotations", change["metadata"]["annotations"])):
            target = thing[part] if part == "spec" else thing["metadata"][part]
            target |= {name: value for name, value in values.items() if value is not None}
            for name in [name for name, value in values.items() if value is None]:
                target.pop(name, None)
        return thing


@pytest.fixture(name="restore")
def restore_(root, tmp_path, monkeypatch):
    """Restores these into that API server; whether it came to its end."""
    tool = runpy.run_path(os.path.join(root, "hack/restore"))
    file = tmp_path / "saved.json"

    def go(kubectl, *things):
        file.write_text(json.dumps({"items": things}), encoding="utf-8")
        monkeypatch.setattr(subprocess, "run", kubectl.run)
        try:
            tool["main"](str(file))
            return True
        except SystemExit:
            return False
    return go


def whole(restore, *things):
    kubectl = Kubectl()
    assert restore(kubectl, *things)
    return kubectl


def test_an_object_is_as_it_was(restore):
    made = whole(restore, OBJECT, record(0), record(1)).objects
    workflow = made.pop(("workflows.coreflow.dev", "w"))
    assert workflow["spec"] == OBJECT["spec"] and workflow["metadata"]["annotations"] == {}
    assert workflow["status"] == {"observedGeneration": 1, "state": "Succeeded", "run": {"number": 1}}
    assert [(one["index"], one["metadata"]["ownerReferences"][0]["uid"]) for one in made.values()] == [(0, "new-w"), (1, "new-w")]


def test_one_that_was_suspended_or_edited_stays_so(restore):
    saved = copy.deepcopy(OBJECT)
    saved["spec"]["suspend"], saved["metadata"]["generation"] = True, 4
    made = whole(restore, saved).objects["workflows.coreflow.dev", "w"]
    assert (made["spec"]["suspend"], made["status"]["observedGeneration"]) == (True, 0)


@pytest.mark.parametrize("requests", range(8))
def test_cut_anywhere_it_is_held_and_goes_on_from_there(restore, requests):
    things = (OBJECT, record(0), record(1))
    kubectl = Kubectl()
    kubectl.left = requests
    assert not restore(kubectl, *things)
    for kind, name in kubectl.objects:
        assert kind != "workflows.coreflow.dev" or kubectl.objects[kind, name]["spec"]["suspend"] is True
    kubectl.left = 1000
    assert restore(kubectl, *things)
    assert kubectl.objects == whole(restore, *things).objects


def test_what_is_there_is_left_alone(restore):
    kubectl = whole(restore, OBJECT)
    before = copy.deepcopy(kubectl.objects)
    assert restore(kubectl, {**OBJECT, "spec": {"steps": ["other"]}}, record(0))
    assert kubectl.objects == before


def test_what_was_being_deleted_and_records_of_nobody_are_left_out(restore):
    going = {**OBJECT, "metadata": {**OBJECT["metadata"], "deletionTimestamp": "2024-01-01T00:00:00Z"}}
    assert whole(restore, going, record(0)).objects == {}
