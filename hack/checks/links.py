#!/usr/bin/env python3
"""Links between the project's documents lead to a file that is there and, with #, to a heading in it.

usage: links.py [ROOT]      Links to other sites are not followed: CI is offline.
"""
import os
import re
import sys

import tree

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")


def without_code(text):
    text = re.sub(r"^(```|~~~).*?^\1", lambda m: re.sub(r"[^\n]", "", m[0]), text, flags=re.M | re.S)
    return re.sub(r"`[^`\n]*`", "", text)


def anchors(text):
    """The ids that GitHub gives to headings."""
    for heading in re.findall(r"^#+ +(.*)$", text, re.M):
        yield re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def check(root):
    problems = []
    for path in tree.tracked(root, r"\.md$"):
        text = without_code(tree.read(root, path))
        for match in LINK.finditer(text):
            target, _, anchor = match[1].partition("#")
            where = f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
            if re.match(r"[a-z]+:", target):
                continue
            file = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
            if not os.path.exists(os.path.join(root, file)):
                problems.append(f"{where}: {match[1]} leads nowhere")
            elif anchor and file.endswith(".md") and anchor not in anchors(tree.read(root, file)):
                problems.append(f"{where}: {file} has no heading #{anchor}")
    return problems


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "."), "broken links"))
