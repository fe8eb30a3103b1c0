"""The closed list of reasons: what no part of CoreFlow ever says is no reason, whatever the documentation promises."""
import os
import re

import tree

HEADER = "pkg/api/reasons.h"


def never_said(header, sources):
    """The enumerators of Reason in the header that stand in none of the sources."""
    names = re.findall(r"^  (k[A-Z]\w*),", re.search(r"enum class Reason \{(.*?)^\};", header, re.DOTALL | re.MULTILINE)[1], re.MULTILINE)
    assert names, f"{HEADER} has no enum class Reason"
    said = {name for source in sources for name in re.findall(r"\bReason::(k\w+)", source)}
    return sorted(set(names) - said)


def test_each_is_said_somewhere(root):
    def read(path):
        with open(os.path.join(root, path), encoding="utf-8") as file:
            return file.read()

    paths = [path for path in tree.tracked(root, r"^(pkg|controllers|operator)/.*\.(cc|h)$")
             if not path.endswith("_test.cc") and not path.startswith("pkg/api/reasons.")]
    assert never_said(read(HEADER), map(read, paths)) == []


def test_one_that_nobody_says_is_found():
    assert never_said("enum class Reason {\n  kA,\n  // Ended.\n  kB,\n};\n", ["return Reason::kA; // kB"]) == ["kB"]
