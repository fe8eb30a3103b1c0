"""The drill of docs/disaster-recovery.md: runs of every kind are saved, lost and made again. The same on a cluster and without one."""
import functools
import json
import os
import runpy

from harness import pages, paths
from harness.namespace import condition, has_ended

STEP = {"image": "busybox:1.36", "volumeMounts": [{"name": "ledger", "mountPath": "/ledger"}]}
GATE = "until [ -e /ledger/gate ]; do sleep 0.05; done"

command = functools.partial(pages.commands, "docs/disaster-recovery.md")


def step(name, script="", **more):
    """One that tells the ledger of its start."""
    return {"name": name, "script": f"echo {name} $COREFLOW_WORKFLOW >>/ledger/ledger; {script}", **STEP, **more}


def workflow(name, folder, *steps, **more):
    volumes = [{"name": "ledger", "hostPath": {"path": str(folder)}}]
    return {"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": name},
            "spec": {"defaults": {"pod": {"volumes": volumes}}, "steps": list(steps), **more}}


def lines(ledger):
    return sorted((ledger / "ledger").read_text(encoding="utf-8").split("\n"))[1:]


def save(ns, shell, ledger, saved):
    """Runs of every kind in the namespace `team`: ended, failed, held, and one that is under way when they are saved."""
    things = [
        workflow("done", ledger, step("a"), step("b", dependsOn=["a"])),
        workflow("failed", ledger, step("good"), step("bad", "test -e /ledger/gate", dependsOn=["good"])),
        workflow("half", ledger, step("first", "echo n=7 >$COREFLOW_OUTPUT", outputs=[{"name": "n", "type": "Integer"}]),
                 step("second", GATE + "; test $N = 7", dependsOn=["first"], env=[{"name": "N", "value": "$[[ steps.first.outputs.n ]]"}])),
        workflow("held", ledger, step("later"), suspend=True)]
    for thing in things:
        ns.apply(json.dumps(thing))
    ns.end("done")
    ns.end("failed", "Failed")
    shell("coreflow rerun done --namespace team --wait")
    ns.wait("held", lambda thing: thing.get("status", {}).get("state") == "Suspended", what="held is suspended")
    half = ns.wait("half", lambda thing: thing.get("status", {}).get("progress", "").startswith("1/"), what="the first step is done")
    with ns.kubectl.watch("workflowrecords") as records:
        records.until(lambda all: any(record.get("results") for record in all.values()
                                      if record["metadata"]["ownerReferences"][0]["uid"] == half["metadata"]["uid"]), what="its record")
    ns.running_pod()
    shell(command("drill: save"), SAVED=str(saved))


def names_that_restore_makes(saved):
    """For each saved record, bound to the UID that it has: (name and label, as the operator made them)."""
    tool = runpy.run_path(os.path.join(paths.ROOT, "hack/restore"))
    things = json.loads(saved.read_text(encoding="utf-8"))["items"]
    for owner in (thing for thing in things if thing["kind"] == "Workflow"):
        for record in (thing for thing in things if thing["kind"] == "WorkflowRecord" and tool["is_of"](thing, owner)):
            made = tool["bound"](record, owner, owner["metadata"]["uid"])["metadata"]
            yield [(one["name"], one["labels"]) for one in (made, record["metadata"])]


def restore(shell, saved):
    """As the page says; what that says."""
    return shell(command("drill: restore"), SAVED=str(saved))


def goes_on(ns, shell, ledger, saved, before):
    """After it was restored, with an operator at work: nothing that had ended runs twice. `before`: the ledger's lines at the loss."""
    was = {thing["metadata"]["name"]: thing for thing in json.loads(saved.read_text(encoding="utf-8"))["items"]}
    ns.running_pod()
    (ledger / "gate").touch()
    ns.end("half")
    for name, state, number in (("done", "Succeeded", 2), ("failed", "Failed", 1)):
        thing = ns.wait(name, has_ended, what=f"{name} is looked at")
        assert (thing["status"]["state"], thing["status"]["run"]["number"]) == (state, number), condition(thing)
        assert thing["status"]["run"] == was[name]["status"]["run"], "when it began and ended is what it was"
    assert sorted([*before, "second half"]) == lines(ledger), "only what had not ended ran once more"
    ns.patch("held", {"suspend": None})
    ns.end("held")
    shell("coreflow retry failed --namespace team --wait")
    assert ns.get("failed")["status"]["run"]["reused"] == 1 and lines(ledger).count("good failed") == 1
    assert "left alone" in restore(shell, saved)
