#!/usr/bin/env python3
"""clang's analysis of GUARDED_BY and its kin, over every .cc file of what is not PURE (the rest has no locks).

usage: thread_safety.py [BUILD]      BUILD is a folder configured with the clang preset; nothing in it is built
"""
import json
import os
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import tree


def syntax_only(command):
    """The compile command without its launcher and its output, so that it analyses and writes nothing."""
    words = shlex.split(command)
    words = words[next(i for i, word in enumerate(words) if os.path.basename(word).startswith("clang++")):]
    at = words.index("-o")
    return words[:at] + words[at + 2:] + ["-fsyntax-only", "-Wthread-safety", "-Werror=thread-safety"]


def check(root, build):
    pure = tuple(e.folder + "/" for e in tree.declared(build) if e.kind == "library" and e.pure)
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        units = [u for u in json.load(file) if not os.path.relpath(u["file"], root).startswith(pure)]

    def analyse(unit):
        run = subprocess.run(syntax_only(unit["command"]), cwd=unit["directory"], capture_output=True, text=True, check=False)
        return run.stderr.strip() if run.returncode else None

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return [text for text in pool.map(analyse, units) if text]


if __name__ == "__main__":
    BUILD = sys.argv[1] if len(sys.argv) > 1 else "build/clang"
    sys.exit(tree.report(check(".", BUILD), "files that clang's thread-safety analysis refuses"))
