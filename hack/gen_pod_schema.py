#!/usr/bin/env python3
"""Makes pkg/api/pod_schema.gen.cc, the fields of a pod, from Kubernetes' own OpenAPI.

usage: hack/gen_pod_schema.py [--check]     needs go, for `go mod download` of one module
"""
import json
import pathlib
import subprocess
import sys
import textwrap

VERSION = "v1.34.4"
OUT = pathlib.Path(__file__).resolve().parent.parent / "pkg" / "api" / "pod_schema.gen.cc"
ROOTS = ["PodSpec"]
SCALARS = {"string": "kString", "boolean": "kBoolean", "integer": "kInteger", "number": "kNumber", "object": "kAnyObject"}
SPECIAL = {"Quantity": "kQuantity", "IntOrString": "kIntOrString", "Time": "kString", "FieldsV1": "kAnyObject"}


def load():
    made = subprocess.run(["go", "mod", "download", "-json", f"k8s.io/kubernetes@{VERSION}"], check=True,
                          capture_output=True, text=True, cwd="/")
    folder = pathlib.Path(json.loads(made.stdout)["Dir"])
    document = json.loads((folder / "api/openapi-spec/v3/api__v1_openapi.json").read_text())
    schemas = {}
    for name, schema in document["components"]["schemas"].items():
        short = name.split(".")[-1]
        # Only one group has pods; the same short name elsewhere is not reached from a PodSpec.
        if name.startswith(("io.k8s.api.core.v1.", "io.k8s.apimachinery.")):
            schemas[short] = schema
    return schemas


def shape(schema):
    """(how many, kind, type name) of a field."""
    if "allOf" in schema:
        return shape(schema["allOf"][0])
    if "$ref" in schema:
        name = schema["$ref"].split(".")[-1]
        return ("kOne", SPECIAL[name], "") if name in SPECIAL else ("kOne", "kType", name)
    if schema.get("type") == "array":
        return ("kList",) + shape(schema["items"])[1:]
    if schema.get("type") == "object" and "additionalProperties" in schema:
        return ("kMap",) + shape(schema["additionalProperties"])[1:]
    return ("kOne", SCALARS[schema["type"]], "")


def reached(schemas):
    todo, types = list(ROOTS), {}
    while todo:
        name = todo.pop()
        if name in types:
            continue
        required = schemas[name].get("required", [])
        types[name] = [(key, *shape(value), key in required)
                       for key, value in sorted(schemas[name].get("properties", {}).items())]
        todo += [field[3] for field in types[name] if field[3]]
    return dict(sorted(types.items()))


def text(types):
    index = {name: i for i, name in enumerate(types)}
    lines = [f"// Code generated from the OpenAPI of Kubernetes {VERSION} by hack/gen_pod_schema.py. DO NOT EDIT.", "// clang-format off",
             '#include "pkg/api/pod_schema_table.h"', "", "namespace coreflow::api {", "", "namespace {", "",
             "using enum PodField::Kind;", "using enum PodField::Many;", ""]
    for name, fields in types.items():
        rows = [f'{{"{key}", {many}, {kind}, {index.get(type_, -1)}, {"true" if required else "false"}}}'
                for key, many, kind, type_, required in fields]
        lines.append(f"constexpr PodField k{name}[] = {{")
        lines += textwrap.wrap(", ".join(row.replace(" ", "\0") for row in rows), 116, initial_indent="    ",
                               subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
        lines.append("};")
    lines += ["", "constexpr PodType kTypes[] = {"]
    lines += [f'    {{"{name}", k{name}}},' for name in types]
    lines += ["};", "", "}  // namespace", "", "std::span<const PodType> PodTypes() { return kTypes; }", "",
              "}  // namespace coreflow::api"]
    return "\n".join(lines).replace("\0", " ") + "\n"


def main():
    made = text(reached(load()))
    if OUT.exists() and OUT.read_text() == made:
        return
    if "--check" in sys.argv[1:]:
        raise SystemExit(f"stale, run hack/gen_pod_schema.py: {OUT}")
    OUT.write_text(made)
    print(f"written: {OUT}")


if __name__ == "__main__":
    main()
