"""The three guards of the layers (CMake's configuration, the include check, the archive check) against real violations.

Each test changes a copy of this tree that has its two lowest libraries only, base and json (both PURE), and a library
`clockwork` above them that is not.
"""
import os
import re
import shutil
import subprocess
import sys

import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
CLOCKWORK = "coreflow_library(clockwork SRCS tick.cc DEPS base)\n"
TICK = '#include "pkg/base/time.h"\n\nlong Tick() { return coreflow::Time{}.time_since_epoch().count(); }\n'


class Copy:
    def __init__(self, folder):
        self.root = str(folder)
        self.build = os.path.join(self.root, "build/release")
        for path in ("pkg/base", "pkg/json", "hack/cmake", "hack/checks"):
            shutil.copytree(os.path.join(ROOT, path), os.path.join(self.root, path))
        for path in ("CMakeLists.txt", "CMakePresets.json", "VERSION"):
            shutil.copy(os.path.join(ROOT, path), self.root)
        self.edit("CMakeLists.txt", lambda text: re.sub(r"^add_subdirectory\((?!pkg/(base|json)\)).*\n", "", text, flags=re.M)
                  + "\nadd_subdirectory(pkg/clockwork)\n")
        self.write("pkg/clockwork/CMakeLists.txt", CLOCKWORK)
        self.write("pkg/clockwork/tick.cc", TICK)

    def write(self, path, text):
        os.makedirs(os.path.dirname(os.path.join(self.root, path)), exist_ok=True)
        with open(os.path.join(self.root, path), "w", encoding="utf-8") as file:
            file.write(text)

    def edit(self, path, change):
        with open(os.path.join(self.root, path), encoding="utf-8") as file:
            text = file.read()
        changed = change(text)
        assert changed != text, f"nothing to change in {path}"
        self.write(path, changed)

    def run(self, *command):
        done = subprocess.run(command, cwd=self.root, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def configure(self):
        code, text = self.run("cmake", "--preset", "release")
        return code, re.sub(r"\s+", " ", text)  # CMake breaks its messages into lines

    def check(self, name, *arguments):
        return self.run(sys.executable, f"hack/checks/{name}", *arguments)


@pytest.fixture
def copy(tmp_path):
    return Copy(tmp_path / "tree")


def test_the_copy_itself_is_fine(copy):
    assert copy.configure()[0] == 0
    assert copy.check("layers.py") == (0, "")
    assert copy.run("ninja", "-C", "build/release", "coreflow_base", "coreflow_json", "coreflow_clockwork")[0] == 0
    assert copy.check("pure.py", copy.build) == (0, "")


def test_a_pure_library_may_not_depend_on_one_that_is_not(copy):
    copy.write("pkg/late/CMakeLists.txt", "coreflow_library(late PURE SRCS late.cc DEPS clockwork)\n")
    copy.write("pkg/late/late.cc", "")
    copy.edit("CMakeLists.txt", lambda text: text + "add_subdirectory(pkg/late)\n")
    code, text = copy.configure()
    assert code != 0 and "late is PURE but depends on clockwork, which is not" in text


def test_a_library_may_not_depend_on_one_above_it(copy):
    copy.edit("pkg/base/CMakeLists.txt", lambda text: text.replace("EXTERNAL", "DEPS json EXTERNAL", 1))
    code, text = copy.configure()
    assert code != 0 and "base depends on json, which is not declared before it" in text


def test_a_misspelt_dependency_is_refused(copy):
    copy.write("pkg/clockwork/CMakeLists.txt", CLOCKWORK.replace("base", "bsae"))
    code, text = copy.configure()
    assert code != 0 and "clockwork depends on bsae" in text


def test_an_include_without_its_dependency_is_reported(copy):
    copy.edit("pkg/clockwork/tick.cc", lambda text: '#include "pkg/json/value.h"\n' + text)
    assert copy.configure()[0] == 0
    code, text = copy.check("layers.py")
    assert code == 1 and "pkg/clockwork/tick.cc:1: pkg/clockwork does not list pkg/json in DEPS" in text


def test_an_include_against_the_direction_is_reported(copy):
    copy.edit("pkg/base/time.cc", lambda text: text + '\n#include "pkg/json/value.h"\n')
    assert copy.configure()[0] == 0
    code, text = copy.check("layers.py")
    assert code == 1 and "pkg/base does not list pkg/json in DEPS" in text


@pytest.mark.parametrize("call, why", [
    ("std::chrono::system_clock::now().time_since_epoch().count()", "reads a clock"),
    ('static_cast<long>(std::string(std::getenv("HOME")).size())', "reads the environment"),
])
def test_a_pure_library_that_calls_the_outside_is_reported(copy, call, why):
    copy.edit("pkg/base/time.cc", lambda text: "#include <cstdlib>\n" + text + f"\nlong coreflow_leak() {{ return {call}; }}\n")
    assert copy.configure()[0] == 0
    code, text = copy.run("ninja", "-C", "build/release", "coreflow_base", "coreflow_json")
    assert code == 0, text
    code, text = copy.check("pure.py", copy.build)
    assert code == 1 and "pkg/base/time.cc: base is PURE, but" in text and why in text
