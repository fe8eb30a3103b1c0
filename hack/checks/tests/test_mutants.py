"""Each mutant's patch fits the code as it is: only then has the simulator something to find."""
import os
import subprocess

import pytest

MUTANTS = os.path.join(os.path.dirname(__file__), "../../../tests/mutants")
PATCHES = sorted(name for name in os.listdir(MUTANTS) if name.endswith(".patch"))


def test_there_are_mutants():
    assert PATCHES


@pytest.mark.parametrize("patch", PATCHES, ids=lambda name: name.removesuffix(".patch"))
def test_applies(root, patch):
    with open(os.path.join(MUTANTS, patch), encoding="utf-8") as text:
        played = subprocess.run(["patch", "-p1", "--dry-run", "--batch", "-F0"], cwd=root, stdin=text,
                                capture_output=True, text=True, check=False)
    assert played.returncode == 0, played.stdout
