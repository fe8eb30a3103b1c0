#!/usr/bin/env python3
"""Each test that a page names is in the tree, and each row of its first part names one.

usage: fault_tests.py [ROOT]      The pages are docs/faults-tested.md and docs/security.md. A row's last cell has `file` and
then the names of its tests: Suite.Name of a TEST, TEST_F or TEST_P, a test_function of Python, or the text of a case's
name. In the cells before, what is written as `folder/file` is in the tree, too.
"""
import os
import re
import sys

import tree

PAGES = ("docs/faults-tested.md", "docs/security.md")
FILE = re.compile(r"`([^`]+)`([^`]*)")
NAME = re.compile(r"[A-Za-z_][\w.]*")
PLACE = re.compile(r"`([\w.-]+/[\w./-]+)`")


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


def problems_of(root, cells):
    """Of one row."""
    places = [place for cell in cells[:-1] for place in PLACE.findall(cell)]
    yield from (f"there is no {place}" for place in places if not os.path.exists(os.path.join(root, place)))
    found = FILE.findall(cells[-1])
    if not found:
        yield "no test is named"
    for file, after in found:
        if not os.path.isfile(os.path.join(root, file)):
            yield f"there is no {file}"
            continue
        names = NAME.findall(after)
        if not names:
            yield f"no test of {file} is named"
        text = tree.read(root, file)
        yield from (f"{file} has no test {name}" for name in names if not there(name, text))


def check(root):
    pages = [page for page in PAGES if os.path.exists(os.path.join(root, page))]
    return [f"{page} is missing" for page in PAGES if page not in pages] + [
        f"{page}:{number}: {problem}" for page in pages for number, cells in rows(tree.read(root, page))
        for problem in problems_of(root, cells)]


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "."), "tests that are not there"))
