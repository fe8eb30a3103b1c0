"""Artifacts that are taken out of the store of the embedded control plane."""
import glob
import hashlib
import json
import os
import subprocess

from control_plane import environment
from harness import artifacts, paths


def coreflow(plane, ns, folder, *arguments, code=0):
    """What came of it, called in that folder."""
    done = subprocess.run([paths.COREFLOW, *arguments, f"--kubeconfig={plane.folder}/kubeconfig", f"-n={ns.name}"], cwd=folder,
                          capture_output=True, check=False, timeout=60, env=environment(plane.folder))
    assert done.returncode == code, done.stderr.decode()
    return done


def left(ns):
    """A run that has left a file of 8 MiB, a folder and nothing else; its artifacts by name."""
    done = ns.run(artifacts.workflow("leaves", artifacts.step(
        "make", "head -c 8m /dev/urandom > /work/data; mkdir -p /work/tree/below; echo deep > /work/tree/below/file",
        leaves=[("data", "/work/data", "None"), ("tree", "/work/tree", "TarZstd")])))
    return {one["name"]: one for one in ns.items(done)["make"]["artifacts"]}


def test_a_file_comes_as_it_was_kept(plane, ns, tmp_path):
    data = left(ns)["data"]
    listed = json.loads(coreflow(plane, ns, tmp_path, "artifacts", "list", "leaves", "-o", "json").stdout)
    assert [(one["step"], one["name"]) for one in listed] == [("make", "data"), ("make", "tree")]
    assert coreflow(plane, ns, tmp_path, "artifacts", "get", "leaves", "make", "data").stdout == b"data\n"
    got = (tmp_path / "data").read_bytes()
    assert len(got) == 8 << 20 and "sha256:" + hashlib.sha256(got).hexdigest() == data["digest"]
    assert coreflow(plane, ns, tmp_path, "artifacts", "get", "leaves", "make", "data", "-o", "-").stdout == got


def test_a_folder_is_unpacked_into_what_is_empty_or_not_there(plane, ns, tmp_path):
    left(ns)
    get = ["artifacts", "get", "leaves", "make", "tree"]
    (tmp_path / "empty").mkdir()
    for folder in ("new", "empty"):
        coreflow(plane, ns, tmp_path, *get, f"--unpack={folder}")
        assert (tmp_path / folder / "below/file").read_text() == "deep\n"
    refused = coreflow(plane, ns, tmp_path, *get, "--unpack=new", code=1)
    assert b"no empty folder" in refused.stderr
    assert sorted(os.listdir(tmp_path)) == ["empty", "new"]


def test_a_file_of_that_name_stays_unless_it_may_go(plane, ns, tmp_path):
    left(ns)
    get = ["artifacts", "get", "leaves", "make", "data"]
    (tmp_path / "data").write_text("mine")
    assert b"is there already" in coreflow(plane, ns, tmp_path, *get, code=1).stderr
    assert (tmp_path / "data").read_text() == "mine" and os.listdir(tmp_path) == ["data"]
    coreflow(plane, ns, tmp_path, *get, "--force")
    assert (tmp_path / "data").stat().st_size == 8 << 20 and os.listdir(tmp_path) == ["data"]


def test_one_that_is_damaged_leaves_no_file(plane, ns, tmp_path):
    digest = left(ns)["data"]["digest"].removeprefix("sha256:")
    [blob] = glob.glob(f"{plane.folder}/**/blobs/*/{digest}", recursive=True)
    with open(blob, "r+b") as kept:
        kept.write(b"not this")
    assert coreflow(plane, ns, tmp_path, "artifacts", "get", "leaves", "make", "data", code=8).stdout == b""
    assert os.listdir(tmp_path) == []


def test_another_namespace_has_nothing_of_it(plane, ns):
    digest = left(ns)["data"]["digest"].removeprefix("sha256:")
    path = "/api/v1/namespaces/coreflow-system/services/https:coreflow-data:8443/proxy/v1/namespaces/%s/blobs/" + digest
    assert "no such blob" in ns.kubectl.fails("get", "--raw", path % "default")


def test_a_log_that_was_kept_is_shown_when_its_pod_is_gone(plane, ns, tmp_path):
    say = artifacts.step("say", "echo one; echo two; echo three", archiveLogs=True)
    ns.run(artifacts.workflow("says", say, podCleanup="OnCompletion"))
    with ns.kubectl.watch("pods") as watch:
        watch.until(lambda all: not all, what="no pod is left")
    assert coreflow(plane, ns, tmp_path, "logs", "says", "say").stdout == b"one\ntwo\nthree\n"
    assert coreflow(plane, ns, tmp_path, "logs", "says", "say", "--grep=t", "--tail=2").stdout == b"two\nthree\n"


def test_logs_that_were_kept_are_compared_when_their_pods_are_gone(plane, ns, tmp_path):
    for name, last in (("before", "three"), ("after", "four"), ("again", "four")):
        say = artifacts.step("say", f"echo one; echo two; echo {last}", archiveLogs=True)
        ns.run(artifacts.workflow(name, say, podCleanup="OnCompletion"))
    with ns.kubectl.watch("pods") as watch:
        watch.until(lambda all: not all, what="no pod is left")

    def logs(*runs):
        return json.loads(coreflow(plane, ns, tmp_path, "diff", *runs, "--logs", "-o", "json").stdout)["logs"]

    assert logs("before", "after") == [{"step": "say", "diff": "@@ -1,3 +1,3 @@\n one\n two\n-three\n+four\n"}]
    assert logs("after", "again") == [{"step": "say", "diff": ""}]


def test_a_log_that_nobody_kept_is_missed_and_how_to_keep_it_is_said(plane, ns, tmp_path):
    ns.run(artifacts.workflow("says", artifacts.step("say", "echo one"), podCleanup="OnCompletion"))
    with ns.kubectl.watch("pods") as watch:
        watch.until(lambda all: not all, what="no pod is left")
    said = subprocess.run([paths.COREFLOW, "logs", "says", f"--kubeconfig={plane.folder}/kubeconfig", f"-n={ns.name}"],
                          capture_output=True, text=True, check=False, timeout=60, env=environment(plane.folder))
    assert "archiveLogs" in said.stderr and said.stdout == "", said
