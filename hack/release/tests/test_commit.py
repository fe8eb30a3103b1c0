"""Of which commit a tree is: hack/release/commit in small trees, and hack/release/programs with a made-up CMake."""
import os
import shutil
import subprocess

import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
TIME = "1700000000"


def git(folder, *words):
    identity = {f"GIT_{who}_{what}": "a" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True, env={
        **os.environ, **identity, "GIT_AUTHOR_DATE": f"{TIME} +0000", "GIT_COMMITTER_DATE": f"{TIME} +0000"}).stdout.strip()


@pytest.fixture
def tree(tmp_path):
    """With the scripts, and nothing of git."""
    made = tmp_path / "tree"
    (made / "hack/release").mkdir(parents=True)
    for script in ("commit", "programs"):
        shutil.copy(f"{ROOT}/hack/release/{script}", made / "hack/release")
    return made


def run(tree, script="commit", **variables):
    clean = {name: value for name, value in os.environ.items() if name not in ("COREFLOW_REVISION", "SOURCE_DATE_EPOCH")}
    return subprocess.run([tree / "hack/release" / script], capture_output=True, text=True, check=False, env={**clean, **variables})


def committed(folder):
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "all")
    return git(folder, "rev-parse", "HEAD")


def test_git_says_it(tree):
    revision = committed(tree)
    assert run(tree).stdout == f"{revision} {TIME}\n"


def test_the_caller_says_it_where_there_is_no_git(tree):
    assert run(tree, COREFLOW_REVISION="abc", SOURCE_DATE_EPOCH="17").stdout == "abc 17\n"


@pytest.mark.parametrize("said, missing", [({}, "COREFLOW_REVISION"), ({"COREFLOW_REVISION": "abc"}, "SOURCE_DATE_EPOCH")])
def test_what_nobody_says_is_asked_for(tree, said, missing):
    done = run(tree, **said)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"release: this is no git checkout: set {missing} to ") and done.stderr.count("\n") == 1


def test_a_repository_around_the_tree_is_not_asked(tree):
    committed(tree.parent)
    assert "no git checkout" in run(tree).stderr


@pytest.mark.parametrize("said", [{"COREFLOW_REVISION": "a b"}, {"COREFLOW_REVISION": '"'}, {"SOURCE_DATE_EPOCH": "today"}])
def test_what_is_no_commit_or_time_is_refused(tree, said):
    done = run(tree, **{"COREFLOW_REVISION": "abc", "SOURCE_DATE_EPOCH": "17", **said})
    assert (done.returncode, done.stdout) == (1, "") and next(iter(said.values())) in done.stderr


def test_programs_are_built_as_those_of_the_commit(tree, tmp_path):
    for tool in ("cmake", "ninja"):
        (tmp_path / tool).write_text(f'#!/bin/sh\necho {tool} "$@"\n', encoding="utf-8")
        (tmp_path / tool).chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    configured, built = run(tree, "programs", PATH=path, COREFLOW_REVISION="abc", SOURCE_DATE_EPOCH="17").stdout.splitlines()
    assert configured == "cmake --preset release -DCOREFLOW_REVISION=abc"
    assert built.startswith("ninja -C build/release ") and built.split()[3:] == [
        f"operator/{name}" for name in ("manager/coreflow-operator", "courier/coreflow-courier", "exec/coreflow-exec", "cli/coreflow")]
    refused = run(tree, "programs", PATH=path)
    assert (refused.returncode, refused.stdout) == (1, ""), "nothing is built of which nobody knows what it is"
