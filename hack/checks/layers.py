#!/usr/bin/env python3
"""A file may include a folder of CoreFlow only if its library names that folder's library in DEPS.

usage: layers.py [ROOT [BUILD]]

CMake hands include folders down transitively, so the compiler alone would let engine/ include what only api/ lists.
Test files (*_test.cc, and all files of a folder that has only tests) may also use what their test program lists.
"""
import os
import re
import sys

import tree

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.M)


def owner(folders, path):
    """The declared folder that a path lies in: the longest one."""
    holding = [folder for folder in folders if path.startswith(folder + "/")]
    return max(holding, key=len, default=None)


def check(root, build):
    entries = tree.declared(build)
    folders = {e.folder for e in entries}
    library_folder = {e.name: e.folder for e in entries if e.kind == "library"}
    problems = []
    for path in tree.sources(root):
        home = owner(folders, path)
        if home is None:
            problems.append(f"{path}: no library, test or program is declared for its folder")
            continue
        here = [e for e in entries if e.folder == home]
        is_test = path.endswith("_test.cc")
        mine = [e for e in here if e.kind != "test" or is_test or all(h.kind == "test" for h in here)]
        names = {e.name for e in mine} | {dep for e in mine for dep in e.deps}
        allowed = {library_folder[name] for name in names if name in library_folder} | {home}
        text = tree.read(root, path)
        for match in INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            if not os.path.exists(os.path.join(root, match[1])) and not match[1].startswith(tree.SOURCE_FOLDERS):
                continue  # generated or third-party
            target = owner(folders, match[1])
            if target is None:
                problems.append(f'{path}:{line}: includes "{match[1]}", which belongs to no library')
            elif target not in allowed:
                problems.append(f"{path}:{line}: {home} does not list {target} in DEPS")
    return problems


if __name__ == "__main__":
    ROOT = sys.argv[1] if len(sys.argv) > 1 else "."
    BUILD = sys.argv[2] if len(sys.argv) > 2 else os.path.join(ROOT, "build/release")
    sys.exit(tree.report(check(ROOT, BUILD), "includes that the layers don't allow"))
