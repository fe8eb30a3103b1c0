"""hack/ci/build, with a CMake and a Ninja that only say what they were asked for."""
import os
import shutil
import subprocess

import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))


@pytest.fixture
def build(tmp_path):
    """Builds `release` in a small tree of the commit `abc`, whose cache says that of the programs; what was asked for."""
    for script in ("hack/ci/build", "hack/release/commit"):
        (tmp_path / script).parent.mkdir(parents=True)
        shutil.copy(f"{ROOT}/{script}", tmp_path / script)
    tools = tmp_path / "tools"
    tools.mkdir()
    configure = 'mkdir -p build/release && touch build/release/build.ninja build/release/CMakeCache.txt'
    for tool, does in (("cmake", configure), ("ninja", "true")):
        (tools / tool).write_text(f'#!/bin/sh\necho {tool} "$@"\n{does}\n', encoding="utf-8")
        (tools / tool).chmod(0o755)

    def run(told):
        if told:
            (tmp_path / "build/release").mkdir(parents=True)
            (tmp_path / "build/release/build.ninja").touch()
            (tmp_path / "build/release/CMakeCache.txt").write_text(f"A:STRING=abc\nCOREFLOW_REVISION:STRING={told}\n", encoding="utf-8")
        told_by_caller = {"COREFLOW_REVISION": "abc", "SOURCE_DATE_EPOCH": "17", "PATH": f"{tools}:{os.environ['PATH']}"}
        return subprocess.run(["hack/ci/build", "release", "one_test"], cwd=tmp_path, capture_output=True, text=True, check=True,
                              env={**os.environ, **told_by_caller}).stdout.splitlines()
    return run


@pytest.mark.parametrize("told, configured", [
    (None, ["cmake --preset release"]), ("unknown", []), ("abc", []),
    ("of-yesterday", ["cmake --preset release -DCOREFLOW_REVISION=unknown"])])
def test_programs_do_not_go_on_saying_the_commit_of_a_release(build, told, configured):
    assert build(told) == [*configured, "ninja -C build/release one_test"]
