"""A small tree and build folder to break, and the real ones."""
import os
import sys

import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
sys.path[:0] = [os.path.join(ROOT, "hack/checks"), os.path.join(ROOT, "hack")]


class Tree:
    """Files in a folder of its own, and a libraries.txt as CMake writes it."""

    def __init__(self, folder):
        self.root = str(folder)
        self.build = os.path.join(self.root, "build/release")
        os.makedirs(self.build)
        self.declare([])

    def write(self, path, text):
        full = os.path.join(self.root, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)
        return full

    def declare(self, lines):
        self.write("build/release/libraries.txt", "".join(line + "\n" for line in lines))


@pytest.fixture
def tree(tmp_path):
    return Tree(tmp_path)


@pytest.fixture
def root():
    return ROOT


@pytest.fixture
def release():
    """The release build of the real tree, which hack/ci/unit has made before."""
    return os.path.join(ROOT, "build/release")
