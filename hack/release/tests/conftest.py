"""A machine with a few made-up packages, and a folder with what was made of them."""
import os
import sys

import pytest
from made_up import FOR_MACHINES, LIBRARIES, Machine, write

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
sys.path[:0] = [os.path.join(ROOT, "hack/release"), os.path.join(ROOT, "hack/checks")]


@pytest.fixture
def root():
    return ROOT


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path / "machine")
    made.install("libone2", "1:2.0-1+deb12u1", [f"/usr/{LIBRARIES}/libone.so.2.1"], FOR_MACHINES, source="one (2.0-1)")
    os.symlink("libone.so.2.1", f"{made.root}/{LIBRARIES}/libone.so.2")
    made.install("libtwo++1", "12~rc1-3", [f"/{LIBRARIES}/libtwo++.so.1"])
    made.install("headers-dev", "1.74-9", ["/usr/include/headers.h"], FOR_MACHINES)
    return made


@pytest.fixture
def image(tmp_path):
    """What was packed: a program and two libraries."""
    folder = tmp_path / "image"
    for path, content in {"usr/bin/coreflow": "program", f"{LIBRARIES}/libone.so.2": "libone2",
                          f"{LIBRARIES}/libtwo++.so.1": "libtwo++1"}.items():
        write(str(folder / path), content)
    return folder
