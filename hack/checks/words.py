#!/usr/bin/env python3
"""Nothing says that it is unfinished, and nothing names the place where the project happens to be developed.

usage: words.py [ROOT]
"""
import re
import sys

import tree

# Written in two parts, so that this file passes itself.
FORBIDDEN = [
    (re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b"), "unfinished: do it, or open an issue"),
    (re.compile(r"\bDISABLED" r"_|GTEST_" r"SKIP\b|pytest\.(mark\.)?(sk" r"ip|xf" r"ail)"), "a test that is switched off"),
    (re.compile(r"\.\./sha" r"red\b|/work/(wt|main|sha" r"red)\b"), "names the workplace"),
]
# Where the words may stand, and why.
ALLOWED = {".ci/run": "hands CI the specification's data that lies beside the clone"}
TEXT = re.compile(r"\.(h|cc|py|sh|cmake|md|yaml|yml|json|txt|tpl|svg)$|(^|/)[^.]+$|^\.[a-z]")


def check(root):
    problems = []
    for path in tree.tracked(root):
        if path in ALLOWED or not TEXT.search(path):
            continue
        for number, line in enumerate(tree.read(root, path).splitlines(), 1):
            for pattern, why in FORBIDDEN:
                if found := pattern.search(line):
                    problems.append(f'{path}:{number}: "{found[0]}": {why}')
    return problems


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "."), "words that must not stand here"))
