#!/usr/bin/env python3
"""Each test that a page names beside a fault is in the tree; each fault of the first table has one.

usage: fault_tests.py [ROOT]      The page is docs/faults-tested.md. A row's last cell has `file` and then the names of
its tests: Suite.Name of a TEST, TEST_F or TEST_P, a test_function of Python, or the text of a case's name.
"""
import os
import re
import sys

import tree

PAGE = "docs/faults-tested.md"
FILE = re.compile(r"`([^`]+)`([^`]*)")
NAME = re.compile(r"[A-Za-z_][\w.]*")


def rows(text):
    """(line, cells) of the rows of a page's tables, without their heads, up to the second heading."""
    head = True
    headings = 0
    for number, line in enumerate(text.splitlines(), 1):
        headings += line.startswith("## ")
        if headings > 1:
            return
        if not line.startswith("|"):
            head = True
        elif re.fullmatch(r"[|\s:-]+", line):
            head = False
        elif not head:
            yield number, [cell.strip() for cell in line.strip("|").split("|")]


def there(name, text):
    if name.startswith("test_"):
        return re.search(rf"^def {name}\(", text, re.M)
    suite, dot, test = name.partition(".")
    if dot:
        return re.search(rf"^TEST(_F|_P)?\({suite},\s*{test}\)", text, re.M)
    return f'"{name}"' in text


def check(root):
    problems = []
    for number, cells in rows(tree.read(root, PAGE)):
        where = f"{PAGE}:{number}"
        found = FILE.findall(cells[-1])
        if not found:
            problems.append(f"{where}: no test is named")
        for file, after in found:
            if not os.path.isfile(os.path.join(root, file)):
                problems.append(f"{where}: there is no {file}")
                continue
            names = NAME.findall(after)
            if not names:
                problems.append(f"{where}: no test of {file} is named")
            text = tree.read(root, file)
            problems += [f"{where}: {file} has no test {name}" for name in names if not there(name, text)]
    return problems


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "."), "tests that are not there"))
