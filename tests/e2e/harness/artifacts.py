"""Workflows whose steps give files to others, and what they come to: the same on a cluster and without one."""
import glob
import json

from harness.namespace import has_ended

VOLUME = {"volumes": [{"name": "work", "emptyDir": {}}]}
MOUNT = [{"name": "work", "mountPath": "/work"}]


def step(name, script, inputs=(), leaves=(), **more):
    """`inputs` and `leaves`: tuples of the fields name, path, from or archive, and perhaps optional."""
    fields = {"name": name, "script": script, "pod": VOLUME, "volumeMounts": MOUNT, **more}
    if inputs:
        fields["inputs"] = {"artifacts": [dict(zip(("name", "path", "from", "optional"), one)) for one in inputs]}
    if leaves:
        fields["outputArtifacts"] = [dict(zip(("name", "path", "archive", "optional"), one)) for one in leaves]
    return fields


def workflow(name, *steps, **spec):
    return json.dumps({"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": name},
                       "spec": {"defaults": {"image": "busybox:1.36"}, "steps": list(steps), **spec}})


def check_modes_and_links(ns):
    """What an archive keeps: the right to execute, links that stay inside, empty folders, and no more."""
    make = """mkdir -p /work/tree/empty
        printf '#!/bin/sh\necho ran' > /work/tree/run; chmod +x /work/tree/run
        ln -s run /work/tree/link; printf text > "/work/tree/a name"; touch /work/tree/nothing"""
    look = """cd /in && ls -d empty && ./run && ./link && cat "a name" && test ! -s nothing && touch /in/more"""
    for archive in ("Tar", "TarZstd"):
        done = ns.run(workflow("tree-" + archive.lower(), step("make", make, leaves=[("tree", "/work/tree", archive)]),
                               step("look", look, inputs=[("tree", "/in", "steps.make.artifacts.tree")])), timeout=240)
        assert done["status"]["state"] == "Succeeded"


def check_what_is_missing(ns):
    """The others are kept all the same; and an optional one is left out."""
    steps = [step("make", "echo here > /work/here", continueOnFailure=True,
                  leaves=[("gone", "/work/gone", "None"), ("here", "/work/here", "None")]),
             step("use", "cat /here; test ! -e /gone", runAfter="Finished",
                  inputs=[("h", "/here", "steps.make.artifacts.here"), ("g", "/gone", "steps.make.artifacts.gone", True)])]
    done = ns.run(workflow("missing", *steps), timeout=240)
    make = ns.items(done)["make"]
    assert make["reason"] == "ArtifactFailed" and "gone" in make["message"] and "/work/gone" in make["message"], make
    assert [one["name"] for one in make["artifacts"]] == ["here"]
    assert ns.items(done)["use"]["state"] == "Succeeded"


def passes_a_file(name):
    """A workflow whose first step is cached, and whose output is 42."""
    return workflow(
        name,
        step("make", "mkdir /work/tree; echo 42 > /work/tree/answer", leaves=[("tree", "/work/tree", "TarZstd")],
                       cache={"mode": "Auto"}),
        step("use", 'echo "n=$(cat /in/answer)" > $COREFLOW_OUTPUT', inputs=[("tree", "/in", "steps.make.artifacts.tree")],
                       outputs=[{"name": "n", "type": "Integer"}]),
        outputs=[{"name": "n", "value": "steps.use.outputs.n"}])


def check_exit_codes(ns):
    """coreflow-exec keeps the command's, and its outputs."""
    done = ns.run(workflow("fails", step("make", "echo n=1 > $COREFLOW_OUTPUT; echo a > /work/a; exit 7",
                                         leaves=[("a", "/work/a", "None")], outputs=[{"name": "n"}])), want="Failed")
    make = ns.items(done)["make"]
    assert make["exitCode"] == 7 and make["reason"] == "CommandFailed", make
    assert [one["name"] for one in make["artifacts"]] == ["a"]


def check_what_a_step_took(ns):
    """Its record says how much CPU time and memory: what tail keeps, though the command as a whole fails."""
    done = ns.run(workflow("takes", step("make", "head -c 32m /dev/zero | tail -c 32m > /work/a; exit 1",
                                         leaves=[("a", "/work/a", "None")])), want="Failed")
    usage = ns.items(done)["make"]["usage"]
    assert 32 << 20 <= usage["peakMemoryBytes"] < 256 << 20, usage
    assert 0 <= usage["cpuMilliseconds"] < 60_000, usage


def check_a_damaged_one(ns, folder):
    """Whoever takes it next learns which input is not what was kept, and gets nothing of it."""
    make = step("make", "head -c 4096 /dev/urandom > /work/data", leaves=[("data", "/work/data", "None")])
    use = step("use", "exit 1", inputs=[("theirs", "/in", "steps.make.artifacts.data")],
               retryPolicy={"infrastructureLimit": 0})
    done = ns.run(workflow("damaged", make, use), want="Failed")
    digest = ns.items(done)["make"]["artifacts"][0]["digest"].removeprefix("sha256:")
    [blob] = glob.glob(f"{folder}/**/blobs/*/{digest}", recursive=True)
    with open(blob, "r+b") as kept:
        kept.write(b"not this")
    ns.kubectl("annotate", "cfw", "damaged", "coreflow.dev/run-requested-at=again",
               "coreflow.dev/retry-from=" + json.dumps({"run": "damaged/1", "requestedAt": "again"}))
    ended = ns.wait("damaged", lambda thing: has_ended(thing) and thing["status"]["run"]["number"] == 2)
    items = ns.items(ended)
    assert items["make"]["reason"] == "Reused"
    assert items["use"]["reason"] == "ArtifactFailed" and "theirs" in items["use"]["message"], items["use"]
    assert "exitCode" not in items["use"], items["use"]
