"""A whole release, of programs that were made up in a small copy of this tree, twice."""
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
from datetime import datetime

import pytest
import spdx_tools

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
COPIED = ["charts", "crds", "hack/ci/image", "hack/cluster/binaries", "hack/image", "hack/release", "hack/restore", "LICENSE", ".gitignore"]
SOURCE = '#include <stdio.h>\nint main(void) { puts(NAME " " VERSION " (revision " REVISION ")"); return 0; }\n'
ARCHIVES = {"coreflow-1.2.3-linux-amd64": ".tar.gz", "coreflow-cli-1.2.3-linux-amd64.image": ".tar",
            "coreflow-operator-1.2.3-linux-amd64.image": ".tar"}


class Copy:
    def __init__(self, folder):
        self.root = folder
        for path in COPIED:
            copy = shutil.copytree if os.path.isdir(f"{ROOT}/{path}") else shutil.copy
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            copy(f"{ROOT}/{path}", folder / path, **({"symlinks": True} if copy is shutil.copytree else {}))
        for chart in ("coreflow", "coreflow-crds"):
            file = folder / f"charts/{chart}/Chart.yaml"
            text = file.read_text(encoding="utf-8")
            file.write_text(re.sub(r"^(version|appVersion): .*", r"\1: 1.2.3", text, flags=re.M), encoding="utf-8")
        (folder / "VERSION").write_text("1.2.3\n", encoding="utf-8")
        self.git("init", "--quiet")
        self.git("add", ".")
        self.git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "all")
        revision = self.git("rev-parse", "HEAD").strip()
        for path in ("manager/coreflow-operator", "courier/coreflow-courier", "exec/coreflow-exec", "cli/coreflow"):
            self.build(path, revision)

    def git(self, *words):
        return subprocess.run(["git", *words], cwd=self.root, capture_output=True, text=True, check=True).stdout

    def build(self, path, revision, version="1.2.3"):
        program = self.root / "build/release/operator" / path
        program.parent.mkdir(parents=True, exist_ok=True)
        words = {"NAME": program.name, "VERSION": version, "REVISION": revision}
        subprocess.run(["gcc", "-x", "c", "-", *(f'-D{name}="{word}"' for name, word in words.items()), "-o", program],
                       input=SOURCE, text=True, check=True)

    def release(self, mask=0o022, **variables):
        return subprocess.run(["hack/release/release"], cwd=self.root, capture_output=True, text=True, check=False, umask=mask,
                              env={**os.environ, **variables})


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return Copy(tmp_path_factory.mktemp("release") / "tree")


@pytest.fixture(scope="module")
def made(copy):
    done = copy.release()
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr
    return copy.root / "build/release-1.2.3"


def layer(archive):
    """The configuration of an image and its files."""
    with tarfile.open(archive) as tar:
        (manifest,) = json.load(tar.extractfile("manifest.json"))
        config = json.load(tar.extractfile(manifest["Config"]))
        with tarfile.open(fileobj=io.BytesIO(tar.extractfile(manifest["Layers"][0]).read())) as files:
            return manifest["RepoTags"], config, {one.name for one in files if not one.isdir()}


def test_all_is_there_and_has_its_sum(made):
    charts = {"coreflow-1.2.3.tgz", "coreflow-crds-1.2.3.tgz", "coreflow-operator-1.2.3.yaml", "coreflow-crds-1.2.3.yaml"}
    sums = {f"{name}{ending}" for name, ending in ARCHIVES.items()} | {f"{name}.spdx.json" for name in ARCHIVES} | charts | {
        "coreflow-restore-1.2.3"}
    assert set(os.listdir(made)) == sums | {"SHA256SUMS"}
    checked = subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=made, capture_output=True, text=True,
                             check=True)
    assert {line.split(":")[0] for line in checked.stdout.splitlines()} == sums


@pytest.mark.parametrize("name, program, programs", [
    ("operator", "coreflow-operator", {"coreflow", "coreflow-courier", "coreflow-exec", "coreflow-operator"}),
    ("cli", "coreflow", {"coreflow"})])
def test_an_image_has_programs_libraries_and_no_more(copy, made, name, program, programs):
    tags, config, files = layer(made / f"coreflow-{name}-1.2.3-linux-amd64.image.tar")
    assert tags == [f"coreflow.dev/coreflow/{name}:1.2.3"]
    assert (config["config"]["User"], config["config"]["Entrypoint"]) == ("65532:65532", [f"/usr/bin/{program}"])
    assert {os.path.basename(path) for path in files if "/bin/" in path} == programs
    assert {path for path in files if not path.startswith(("usr/bin/", "usr/share/doc/", "lib"))} == {"usr/lib/ssl/cert.pem"}
    assert {"usr/share/doc/libc6/copyright", "usr/share/doc/coreflow/copyright"} <= files
    label = "org.opencontainers.image."
    assert config["config"]["Labels"] == {f"{label}version": "1.2.3", f"{label}licenses": "Apache-2.0",
                                          f"{label}revision": copy.git("rev-parse", "HEAD").strip()}
    created = datetime.fromisoformat(config["created"]).timestamp()
    assert created == int(copy.git("log", "-1", "--format=%ct"))


def test_the_program_runs_where_it_is_unpacked(made, tmp_path):
    folder = tmp_path / "coreflow-1.2.3-linux-amd64"
    subprocess.run(["tar", "--extract", "--file", made / f"{folder.name}.tar.gz", "--directory", tmp_path], check=True)
    said = subprocess.run([folder / "bin/coreflow"], capture_output=True, text=True, check=True).stdout
    assert said.startswith("coreflow 1.2.3 ") and (folder / "share/doc/coreflow/copyright").is_file()


def test_what_restores_says_how_it_is_called_here(made):
    done = subprocess.run([made / "coreflow-restore-1.2.3"], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and f"usage: {made}/coreflow-restore-1.2.3 FILE" in done.stderr


@pytest.mark.parametrize("archive", sorted(ARCHIVES))
def test_spdx_has_nothing_against_what_an_archive_is_made_of(made, archive):
    assert spdx_tools.faults(str(made / f"{archive}.spdx.json")) == ""


def test_once_more_it_is_the_same_bytes(copy, made):
    """With another umask, and at another time, since the first took seconds."""
    first = (made / "SHA256SUMS").read_text(encoding="utf-8")
    assert copy.release(0o077).returncode == 0
    assert (made / "SHA256SUMS").read_text(encoding="utf-8") == first


def test_a_release_that_is_cut_short_leaves_the_one_before(copy, made):
    before = (made / "SHA256SUMS").read_text(encoding="utf-8")
    charts = copy.root / "hack/release/charts"
    text = charts.read_text(encoding="utf-8")
    charts.write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")
    try:
        assert copy.release().returncode == 7
    finally:
        charts.write_text(text, encoding="utf-8")
    assert (made / "SHA256SUMS").read_text(encoding="utf-8") == before
    assert sorted(os.listdir(copy.root / "build")) == ["image", "release", "release-1.2.3"]


def test_without_git_the_caller_says_which_commit_it_is(copy, made):
    """And it is the same release: an unpacked archive of a commit can be held against what others made of it."""
    first = (made / "SHA256SUMS").read_text(encoding="utf-8")
    revision, time = subprocess.run(["hack/release/commit"], cwd=copy.root, capture_output=True, text=True, check=True).stdout.split()
    os.rename(copy.root / ".git", copy.root / ".hidden")
    try:
        refused = copy.release()
        done = copy.release(COREFLOW_REVISION=revision, SOURCE_DATE_EPOCH=time)
    finally:
        os.rename(copy.root / ".hidden", copy.root / ".git")
    assert refused.returncode == 1 and "this is no git checkout: set COREFLOW_REVISION to its commit" in refused.stderr
    assert done.returncode == 0 and "warning" not in done.stderr, done.stderr
    assert (made / "SHA256SUMS").read_text(encoding="utf-8") == first


def test_without_one_of_its_programs_there_is_no_release(copy, made):
    courier = copy.root / "build/release/operator/courier/coreflow-courier"
    os.rename(courier, f"{courier}.away")
    done = copy.release()
    os.rename(f"{courier}.away", courier)
    assert done.returncode == 1 and done.stderr == (
        "release: there is no build/release/operator/courier/coreflow-courier: run `make release`\n")


def test_programs_of_another_commit_are_warned_of_and_of_another_version_refused(copy, made):
    copy.build("cli/coreflow", "unknown")
    copy.build("manager/coreflow-operator", "unknown", "1.2.2")
    done = copy.release()
    warning, error = done.stderr.splitlines()
    assert warning.startswith("release: warning: the commit is ") and "says: coreflow 1.2.3 (revision unknown)" in warning
    assert error.startswith("release: VERSION is 1.2.3, but ") and "says: coreflow-operator 1.2.2 " in error
    assert done.returncode == 1 and (made / "SHA256SUMS").exists()
