"""What steps print is kept, whole."""
import glob
import hashlib
import os

from harness import artifacts, kept_logs

REPEATS = int(os.environ.get("COREFLOW_REPEATS", "20"))


def stored(plane, digest):
    """The SHA-256 of what the store has under that name."""
    [blob] = glob.glob(f"{plane.folder}/store/blobs/{digest[:2]}/{digest}")
    with open(blob, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def test_a_log_is_kept_however_its_step_ended(ns):
    kept_logs.check_ends(ns)


def test_a_step_that_its_time_out_ends_leaves_its_log(ns):
    kept_logs.check_timeout(ns)


def test_a_mebibyte_that_is_printed_right_before_the_end_is_whole(ns, plane):
    """The command says itself what it printed, and ends with its last byte."""
    script = """head -c 786432 /dev/urandom | base64 -w0 > /work/text
        echo "sum=$(sha256sum < /work/text | cut -c-64)" > $COREFLOW_OUTPUT
        exec cat /work/text"""
    step = artifacts.step("print", script, archiveLogs=True, outputs=[{"name": "sum"}],
                          forEach={"items": str(list(range(REPEATS))), "parallelism": 2})
    items = ns.items(ns.run(artifacts.workflow("ends-at-once", step), timeout=120 + 10 * REPEATS))
    assert len(items) == REPEATS
    for item in items.values():
        digest, size = kept_logs.kept(item)
        assert size == 1 << 20 and digest == item["outputs"]["sum"] == stored(plane, digest), item


def test_as_much_as_is_kept_at_most_is_whole(ns, plane):
    script = "head -c 104857600 /dev/zero | tr '\\0' x"
    item = ns.items(ns.run(artifacts.workflow("long", artifacts.step("long", script, archiveLogs=True)), timeout=240))["long"]
    digest, size = kept_logs.kept(item)
    assert (digest, size) == kept_logs.of(b"x" * (100 << 20)) and stored(plane, digest) == digest
