#!/usr/bin/env python3
"""Writes docs/api: a page for each kind, with all fields as the CRDs describe them.

usage: hack/gen_api_pages.py [--check]
"""
import re

import crd
import yaml
from kubernetes_modules import write

FOLDER = "docs/api"
HEAD = ["# API", "", "All fields of each kind; `kubectl explain` and [`coreflow explain`](../commands/explain.md) tell the same.",
        "These pages are made from `crds/` by `make generate`.", "", "| kind | |", "|---|---|"]


def prose(text):
    """A description as Markdown in a cell of a table."""
    return re.sub(r"([_*|])", r"\\\1", " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;"))


def type_of(schema):
    """As `kubectl explain` writes it."""
    if schema.get("type") == "array":
        return "[]" + type_of(schema["items"])
    if isinstance(schema.get("additionalProperties"), dict):
        return "map[string]" + type_of(schema["additionalProperties"])
    if schema.get("x-kubernetes-int-or-string"):
        return "integer or string"
    return schema.get("type", "any")


def inner(schema):
    """The schema whose fields one writes below a field: of a list that of its elements, of a map that of its values."""
    for below in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(below, dict):
            return inner(below)
    return schema


def anchor(path):
    return re.sub(r"[^\w-]", "", path.lower())


def sections(schema, path, told):
    """(path, schema) of an object and of all below it. What `told` has already, as in a copy, isn't told again."""
    yield path, schema
    for name, field in schema["properties"].items():
        below = inner(field)
        place = f"{path}.{name}" if path else name
        if "properties" in below and (name, str(below)) not in told:
            told[name, str(below)] = place
            yield from sections(below, place, told)


def table(schema, path, told):
    rows = ["| field | type | |", "|---|---|---|"]
    for name, field in schema["properties"].items():
        if name == "metadata" and not path:
            continue
        below = inner(field)
        at = told.get((name, str(below))) if "properties" in below else None
        needed = ", required" if name in schema.get("required", []) else ""
        shown = f"[`{name}`](#{anchor(at)})" if at else f"`{name}`"
        rows.append(f"| {shown} | {type_of(field)}{needed} | {prose(field.get('description', ''))} |")
    return "\n".join(rows)


def page(name, schema):
    told = {}
    text = [f"# {name}", prose(schema["description"]), "`apiVersion: coreflow.dev/v1alpha1`"]
    for path, part in list(sections(schema, "", told)):
        text += [f"## {path}"] * bool(path) + [table(part, path, told)]
    return "\n\n".join(text) + "\n"


def kind_name(kind):
    return yaml.safe_load(crd.path(kind).read_text(encoding="utf-8"))["spec"]["names"]["kind"]


def pages():
    """{path: text}."""
    made, rows = {}, []
    for kind in crd.KINDS:
        name, schema = kind_name(kind), crd.schema(kind)
        made[f"{FOLDER}/{name.lower()}.md"] = page(name, schema)
        rows.append(f"| [{name}]({name.lower()}.md) | {prose(schema['description'])} |")
    made[f"{FOLDER}/README.md"] = "\n".join([*HEAD, *rows, ""])
    return made


if __name__ == "__main__":
    for where, what in pages().items():
        write(where, what)
