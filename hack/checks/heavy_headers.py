#!/usr/bin/env python3
"""Expensive third-party headers stand in at most two .cc files each (MORE: three), and never in a header.

usage: heavy_headers.py [ROOT]

One such include costs 2 to 26 seconds of compilation and brings exceptions and macros along, so each library has its
one adapter.
"""
import re
import sys

import tree

HEAVY = {
    "cpprestsdk": r"(cpprest|pplx)/",
    "Beast and Asio": r"boost/(beast|asio)",
    "simdjson": r"simdjson",
    "CLI11": r"CLI/",
    "spdlog": r"spdlog/",
    "yaml-cpp": r"yaml-cpp/",
}
MOST = 2
# The transport, the server of small answers, and the reader of messages for those that block.
MORE = {"Beast and Asio": 3}


def check(root):
    problems = []
    for library, pattern in HEAVY.items():
        include = re.compile(rf'^\s*#\s*include\s*[<"]{pattern}', re.M)
        users = [path for path in tree.sources(root) if include.search(tree.read(root, path))]
        problems += [f"{path}: a header includes {library}" for path in users if path.endswith(".h")]
        files = [path for path in users if path.endswith(".cc")]
        most = MORE.get(library, MOST)
        if len(files) > most:
            problems.append(f"{library} is included in {len(files)} files, {most} may: {', '.join(files)}")
    return problems


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "."), "heavy headers in wrong places"))
