#!/usr/bin/env python3
"""A file has at most 600 lines, a function at most 50, a folder of pkg a README of at most 30.

usage: sizes.py [ROOT]

Tables of test cases are data: functions of *_test.cc files aren't measured, nor are generated files (*.gen.h, or
"Code generated" or "@generated" in the first five lines).
"""
import re
import sys

import cpp_functions
import tree

FILE, FUNCTION, README = 600, 50, 30
MEASURED = re.compile(r"\.(h|cc|py|sh|cmake)$|CMakeLists\.txt$|^hack/[^.]*$")


def generated(path, text):
    return path.endswith(".gen.h") or re.search(r"Code generated|@generated", "\n".join(text.splitlines()[:5])) is not None


def check(root):
    problems = []
    for path in tree.tracked(root):
        if not MEASURED.search(path):
            continue
        text = tree.read(root, path)
        if generated(path, text):
            continue
        lines = text.count("\n")
        if lines > FILE:
            problems.append(f"{path}: {lines} lines, at most {FILE}: is there more than one idea in it?")
        if path.endswith((".h", ".cc")) and not path.endswith("_test.cc"):
            for name, line, length in cpp_functions.functions(text):
                if length > FUNCTION:
                    problems.append(f"{path}:{line}: {name} has {length} lines, at most {FUNCTION}")
    folders = {"/".join(p.split("/")[:2]) for p in tree.tracked(root) if re.match(r"pkg/[^/]+/", p)}
    for folder in sorted(folders):
        lines = tree.read(root, f"{folder}/README.md").count("\n") if f"{folder}/README.md" in tree.tracked(root) else 0
        if not 0 < lines <= README:
            problems.append(f"{folder}/README.md: " + (f"{lines} lines, at most {README}" if lines else "is missing: what is this folder?"))
    return problems


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "."), "things that are too long or not introduced"))
