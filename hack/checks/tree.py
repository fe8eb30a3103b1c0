"""What the checks share: the files of the tree, and what CMake declared about it."""
import os
import re
import subprocess
from dataclasses import dataclass

SOURCE_FOLDERS = ("pkg/", "controllers/", "operator/", "tests/")


@dataclass
class Declared:
    """One line of <build>/libraries.txt; hack/cmake/CoreflowLibrary.cmake says what its fields mean."""

    kind: str
    name: str
    pure: bool
    folder: str
    file: str
    deps: list


def declared(build):
    """All libraries, tests and programs of a configured build folder."""
    with open(os.path.join(build, "libraries.txt"), encoding="utf-8") as lines:
        fields = [line.split() for line in lines if line.strip()]
    return [Declared(k, n, p == "pure", f, file, [] if d == "-" else d.split(",")) for k, n, p, f, file, d in fields]


def tracked(root, pattern=r""):
    """Paths that git tracks under root, relative to it, whose name matches the pattern; without git, all files."""
    listing = subprocess.run(["git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard"],
                             capture_output=True, text=True, check=False)
    if listing.returncode == 0 and listing.stdout:
        paths = listing.stdout.splitlines()
    else:
        paths = [os.path.relpath(os.path.join(folder, name), root) for folder, _, names in os.walk(root) for name in names]
        paths = [path for path in paths if not path.startswith(("build/", ".git/"))]
    return sorted(p for p in paths if re.search(pattern, p) and os.path.isfile(os.path.join(root, p)))


def sources(root):
    """The C++ files of the project."""
    return [path for path in tracked(root, r"\.(h|cc)$") if path.startswith(SOURCE_FOLDERS)]


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def report(problems, what):
    """Prints the problems; the exit code of a check."""
    for problem in problems:
        print(problem)
    if problems:
        print(f"{len(problems)} {what}")
    return 1 if problems else 0
