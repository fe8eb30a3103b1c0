#!/usr/bin/env python3
"""Makes pkg/api/pod_schema.gen.cc, the fields of a pod, from Kubernetes' own OpenAPI.

usage: hack/gen_pod_schema.py [--check]     downloads a Go module
"""
import textwrap

from kubernetes_modules import VERSION, openapi, write

OUT = "pkg/api/pod_schema.gen.cc"
ROOTS = ["PodSpec"]
SCALARS = {"string": "kString", "boolean": "kBoolean", "integer": "kInteger", "number": "kNumber", "object": "kAnyObject"}
SPECIAL = {"Quantity": "kQuantity", "IntOrString": "kIntOrString", "Time": "kString", "FieldsV1": "kAnyObject"}


def load():
    schemas = {}
    for name, schema in openapi("api__v1").items():
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
    write(OUT, text(reached(load())))


if __name__ == "__main__":
    main()
