#!/usr/bin/env python3
"""The numbers of docs/limits.md are those of the source.

usage: limits.py [ROOT]      A row's last cell is `file` NAME. In a header or source NAME is a constant or a member with a
value; in a CRD it is the path of a field below spec, with the word of its schema last.
"""
import re
import sys

import tree
import yaml

PAGE = "docs/limits.md"
SOURCE = re.compile(r"`([^`]+)` ([\w.]+)$")
UNITS = {"characters": 1, "bytes": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "s": 1, "minutes": 60, "day": 86400, "days": 86400}
CHRONO = {"seconds": 1, "minutes": 60, "hours": 3600}


def rows(text):
    """(line, what it says, file, name) of each row that names its source."""
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        source = SOURCE.fullmatch(cells[-1])
        if line.startswith("|") and source:
            yield number, cells[1], source[1], source[2]


def said(text):
    """"64 KiB" as a number; None: it is none."""
    parts = re.fullmatch(r"([\d,]+)( \w+)?", text)
    if not parts or (parts[2] and parts[2].strip() not in UNITS):
        return None
    return int(parts[1].replace(",", "")) * UNITS[(parts[2] or " bytes").strip()]


def evaluate(expression):
    """Of what C++ makes constants of; None: of anything else."""
    expression = expression.replace("'", "").replace("static_cast<size_t>", "")
    expression = re.sub(r"\b(?:size_t|u?int\d+_t)\{(\w+)\}", r"\1", expression)
    expression = re.sub(r"std::chrono::(\w+)\(", lambda unit: f"{CHRONO[unit[1]]} * (", expression)
    expression = re.sub(r"\{\.cost = (\d+)\}", r"\1", expression)
    if not re.fullmatch(r"[\d\s<*()+-]+", expression):
        return None
    return eval(expression)  # digits and operators: nothing else is left


def constant(text, name):
    found = re.search(rf"\b{name}\s*=\s*([^;,]+?)\s*(?:[;,]|\)\n)", text)
    return evaluate(found[1]) if found else None


def field(text, path):
    *fields, word = path.split(".")
    schema = yaml.safe_load(text)["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    for name in fields:
        schema = schema.get("items", schema).get("properties", {}).get(name, {})
    return schema.get(word)


def check(root):
    problems = []
    found = list(rows(tree.read(root, PAGE)))
    for number, text, file, name in found:
        try:
            source = tree.read(root, file)
        except OSError:
            problems.append(f"{PAGE}:{number}: there is no {file}")
            continue
        true = field(source, name) if file.endswith(".yaml") else constant(source, name)
        if true is None or said(text) is None:
            problems.append(f"{PAGE}:{number}: no number can be read of " + (f"{file} {name}" if true is None else f'"{text}"'))
        elif said(text) != true:
            problems.append(f"{PAGE}:{number}: says {text}, and {name} is {true}")
    return problems if found else [f"{PAGE}: has no row with its source"]


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "."), "limits that are told wrong"))
