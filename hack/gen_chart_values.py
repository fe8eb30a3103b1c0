#!/usr/bin/env python3
"""Writes the tables of values in docs/install.md, from the comments in the charts' values.yaml.

A comment that begins with "# --" explains the key below it, with all that is in it; keys in what has no comment of its own
are explained one by one.

usage: hack/gen_chart_values.py [--check]
"""
import json
import re

import yaml
from kubernetes_modules import ROOT, write

PAGE = "docs/install.md"


def explained(lines, line):
    """The comment above a line, as one text; empty where there is none."""
    above = []
    while line > 0 and lines[line - 1].lstrip().startswith("#"):
        line -= 1
        above.insert(0, lines[line].strip().lstrip("#").strip())
    return " ".join(above).removeprefix("-- ") if above and above[0].startswith("-- ") else ""


def values(text):
    """(path, default, explanation) of every value; of one that nobody explains, the last is empty."""
    lines = text.splitlines()

    def walk(node, path):
        for key, value in node.value:
            name = f"{path}{key.value}"
            said = explained(lines, key.start_mark.line)
            if isinstance(value, yaml.MappingNode) and value.value and not said:
                yield from walk(value, name + ".")
            else:
                yield name, yaml.safe_load(yaml.serialize(value)), said

    yield from walk(yaml.compose(text), "")


def table(chart):
    rows = [f"| `{name}` | {f'`{json.dumps(default)}`' if default not in ('', None) else ''} | {said} |".replace("|  |", "| |")
            for name, default, said in values((ROOT / "charts" / chart / "values.yaml").read_text(encoding="utf-8"))]
    return "\n".join(["| value | by default | |", "|---|---|---|", *rows])


def page(text):
    """The page with the tables between its marks made anew."""
    def made(mark):
        return f"<!-- values of {mark[1]} -->\n\n{table(mark[1])}\n\n<!-- end of values -->"
    return re.sub(r"<!-- values of (\S+) -->\n.*?<!-- end of values -->", made, text, flags=re.S)


if __name__ == "__main__":
    write(PAGE, page((ROOT / PAGE).read_text(encoding="utf-8")))
