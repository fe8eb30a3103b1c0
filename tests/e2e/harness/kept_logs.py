"""Logs that are kept when their pods have gone: the same on a cluster and without one."""
import hashlib

from harness import artifacts


def kept(item):
    """(digest, bytes) of the log that the record's item names; None: it names none."""
    return next(((one["digest"].removeprefix("sha256:"), one["bytes"]) for one in item.get("artifacts", []) if one["name"] == "$log"), None)


def of(text):
    """The same, of what was printed."""
    return hashlib.sha256(text).hexdigest(), len(text)


def check_ends(ns):
    """It is kept of a step that succeeds and of one that fails, with both streams in it, and of one that prints nothing."""
    steps = [artifacts.step("good", "echo to stdout; echo to stderr >&2; echo n=1 > $COREFLOW_OUTPUT", archiveLogs=True,
                            outputs=[{"name": "n", "type": "Integer"}]),
             artifacts.step("bad", "echo why; exit 3", archiveLogs=True), artifacts.step("silent", "true", archiveLogs=True),
             artifacts.step("unkept", "echo not kept")]
    done = ns.run(artifacts.workflow("logs", *steps, failFast=False), want="Failed", timeout=240)
    items = ns.items(done)
    assert kept(items["good"]) == of(b"to stdout\nto stderr\n") and items["good"]["outputs"] == {"n": 1}, items["good"]
    assert kept(items["bad"]) == of(b"why\n") and items["bad"]["exitCode"] == 3, items["bad"]
    assert kept(items["silent"]) == of(b""), items["silent"]
    assert kept(items["unkept"]) is None, items["unkept"]


def check_timeout(ns):
    """Of a step that its time-out ends, with what it says when it is told to end."""
    script = "trap 'echo told to end; exit 1' TERM; echo began; while :; do sleep 0.1; done"
    done = ns.run(artifacts.workflow("slow", artifacts.step("slow", script, archiveLogs=True, timeoutSeconds=5)), want="Failed", timeout=240)
    item = ns.items(done)["slow"]
    assert item["reason"] == "Timeout" and kept(item) == of(b"began\ntold to end\n"), item
