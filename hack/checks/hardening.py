#!/usr/bin/env python3
"""The programs of a release build are hardened: read from the files, not from the flags.

usage: hardening.py [BUILD]

Every program and test: position independent, full RELRO, no executable stack, stack protector, no RPATH but that of
RPATHS. Every program that is shipped also has fortified calls (tests may have none to fortify). A static program has no names of what it calls:
for it, the archives of its DEPS, which are all that it is made of, are read.
"""
import re
import subprocess
import sys

import tree

# Of programs that are not started where they were built, in a folder that only the user of `coreflow` can write to.
RPATHS = {"coreflow-embedded-courier": "$ORIGIN/lib"}


def readelf(path):
    return subprocess.run(["readelf", "-W", "-h", "-l", "-d", "--dyn-syms", path], capture_output=True, text=True, check=True).stdout


def is_static(elf):
    return not re.search(r"^\s+INTERP\s", elf, re.M)


def calls(archive):
    """Names that the archive's objects call and don't define."""
    return subprocess.run(["nm", "-u", archive], capture_output=True, text=True, check=True).stdout


def faults(elf, shipped, called, rpath):
    """What is missing, by readelf's text of one file, the names that it calls, and the RPATH that it may have."""
    if not re.search(r"Type:\s+DYN", elf):
        yield "is not position independent (PIE)"
    if "GNU_RELRO" not in elf or not re.search(r"FLAGS.*BIND_NOW|FLAGS_1.*NOW", elf):
        yield "has no full RELRO"
    stack = re.search(r"GNU_STACK.*?\s(R\w*)\s+0x", elf)
    if not stack or "E" in stack[1]:
        yield "has an executable stack"
    if "__stack_chk_fail" not in called:
        yield "has no stack protector"
    if any(found != rpath for found in re.findall(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]", elf)):
        yield "has an RPATH"
    if shipped and not re.search(r"__(?!stack)\w+_chk\b", called):
        yield "has no fortified call"


def check(build):
    declared = tree.declared(build)
    archives = {e.name: e.file for e in declared if e.kind == "library"}
    entries = [e for e in declared if e.kind in ("program", "test")]
    if not entries:
        return [f"{build}: no program is declared"]
    problems = []
    for entry in entries:
        try:
            elf = readelf(entry.file)
            called = "".join(calls(archives[name]) for name in entry.deps) if is_static(elf) else elf
        except subprocess.CalledProcessError as problem:
            problems.append(f"{entry.file}: can't be read (is it built?): {problem.stderr.strip()}")
            continue
        problems += [f"{entry.file}: {fault}" for fault in faults(elf, entry.kind == "program", called, RPATHS.get(entry.name))]
    return problems


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "build/release"), "faults in the built programs"))
