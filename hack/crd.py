"""Reads crds/*.yaml: the schemas as trees, and the blocks that are copied from one to another as text.

A line `# copied from workflows spec.steps, without a, b` (or `, only a, b`) says that the block of the key below it
is a copy. Copies are checked in, since kubectl and the API server read plain files; sync() renews them.
"""
import pathlib
import re
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
KINDS = ("workflows", "jobs", "workflowrecords")
COPIED = re.compile(r"^ *# copied from (\w+) ([\w.]+)(?:, (only|without) ([\w, ]+))?$")


def path(kind):
    return ROOT / "crds" / f"coreflow.dev_{kind}.yaml"


def schema(kind):
    """The openAPIV3Schema of a kind."""
    crd = yaml.safe_load(path(kind).read_text())
    return crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]


def indent(line):
    return len(line) - len(line.lstrip(" "))


def block_end(lines, at):
    """The line after the block that belongs to the key on line `at`."""
    width, end = indent(lines[at]), at + 1
    while end < len(lines) and (indent(lines[end]) > width or
                                indent(lines[end]) == width and lines[end].startswith(" " * width + "- ")):
        end += 1
    return end


def child(lines, at, key):
    """The line of `key` directly inside the block of line `at`."""
    inner = indent(lines[at + 1])
    for i in range(at + 1, block_end(lines, at)):
        if indent(lines[i]) == inner and lines[i].lstrip().startswith(key + ":"):
            return i
    raise SystemExit(f"no {key} below: {lines[at].strip()}")


def find(lines, dotted, key):
    """The line of `key` in the schema that a dotted path names; lists are entered."""
    at = next(i for i, line in enumerate(lines) if line.strip() == "openAPIV3Schema:")
    for part in dotted.split("."):
        if any(line == " " * indent(lines[at + 1]) + "items:" for line in lines[at + 1:block_end(lines, at)]):
            at = child(lines, at, "items")
        at = child(lines, child(lines, at, "properties"), part)
    if key == dotted.split(".")[-1]:
        return at
    return child(lines, child(lines, at, "items") if key == "properties" else at, key)


def filtered(lines, how, names):
    """The lines of a `properties` block with only, or without, some of its keys."""
    if not how:
        return lines
    kept, at = [], 0
    while at < len(lines):
        end = block_end(lines, at)
        key = lines[at].strip().split(":")[0]
        if (key in names) == (how == "only"):
            kept += lines[at:end]
        at = end
    return kept


def sync(kind):
    """The text of a kind's file with all copies renewed."""
    lines = path(kind).read_text().splitlines()
    at = 0
    while at < len(lines):
        match = COPIED.match(lines[at])
        if not match:
            at += 1
            continue
        source_kind, dotted, how, names = match.groups()
        key = lines[at + 1].strip().split(":")[0]
        source = path(source_kind).read_text().splitlines() if source_kind != kind else lines
        start = find(source, dotted, key)
        body = filtered(source[start + 1:block_end(source, start)], how, (names or "").split(", "))
        shift = indent(lines[at + 1]) - indent(source[start])
        moved = [" " * (indent(line) + shift) + line.lstrip(" ") for line in body]
        lines[at + 1:block_end(lines, at + 1)] = [" " * indent(lines[at]) + key + ":"] + moved
        at += 2
    return "\n".join(lines) + "\n"
