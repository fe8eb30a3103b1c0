#!/usr/bin/env python3
"""Makes pkg/apiserver/kubernetes_schemas.gen.json, the schemas of the kinds of Kubernetes' own that the API server in
this process has, from Kubernetes' own OpenAPI: one schema a line.

The line "numbers" says for each of them which protobuf field has which number, read from Kubernetes' Go sources:
"?name" where a zero means that the field is not there, "*Type" where the fields of that type stand in its place.

usage: hack/gen_kubernetes_schemas.py [--check]     downloads Go modules
"""
import json
import re

from kubernetes_modules import LIBRARIES, VERSION, module, openapi, write

OUT = "pkg/apiserver/kubernetes_schemas.gen.json"
CORE = "Pod Namespace ConfigMap Secret Node ServiceAccount ResourceQuota Event".split()
META = "io.k8s.apimachinery.pkg.apis.meta.v1."
# Where the types of schemas with such names are.
SOURCES = {
    "io.k8s.api.core.v1.": ("k8s.io/api", "core/v1"),
    "io.k8s.api.events.v1.": ("k8s.io/api", "events/v1"),
    "io.k8s.api.coordination.v1.": ("k8s.io/api", "coordination/v1"),
    META: ("k8s.io/apimachinery", "pkg/apis/meta/v1"),
}
FIELD = re.compile(r'\s+(?:\w+\s+)?(\*?)([\w.\[\]*]+)\s+`json:"([^",]*)(,[^"]*)?"[^`]* proto(?:buf)?:"[^",]*(?:,(\d+))?,')
ROOTS = {
    "api__v1": ["io.k8s.api.core.v1." + kind for kind in CORE],
    "apis__events.k8s.io__v1": ["io.k8s.api.events.v1.Event"],
    "apis__coordination.k8s.io__v1": ["io.k8s.api.coordination.v1.Lease", META + "DeleteOptions"],
    "apis__apiextensions.k8s.io__v1":
        ["io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition"],
}


def references(schema):
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref" and isinstance(value, str):
                yield value.rsplit("/", 1)[1]
            else:
                yield from references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from references(value)


def load():
    kept = {}
    for name, roots in ROOTS.items():
        schemas = openapi(name)
        todo = list(roots)
        while todo:
            one = todo.pop()
            if one not in kept:
                kept[one] = schemas[one]
                todo += references(schemas[one])
    return kept


def structs(text):
    """{type: [(pointer, type, name, options, number) of each field]}"""
    found = {}
    for name, body in re.findall(r"^type (\w+) struct \{\n(.*?)^\}", text, re.M | re.S):
        found[name] = [field.groups() for field in map(FIELD.match, body.split("\n")) if field]
    return found


def numbers(schemas):
    types = {}
    for prefix, (path, folder) in SOURCES.items():
        for source in (module(path, LIBRARIES) / folder).glob("*types*.go"):
            types |= {prefix + name: fields for name, fields in structs(source.read_text()).items()}
    made, todo = {}, [name for name in schemas if name in types]
    while todo:
        name = todo.pop()
        if name in made:
            continue
        made[name] = {}
        for pointer, type_, field, options, number in types[name]:
            if not number or field == "-":  # TypeMeta, and bytes that are JSON
                continue
            if not field:
                inline = name[:name.rindex(".") + 1] + type_
                made[name][number] = "*" + inline
                todo.append(inline)
            else:
                made[name][number] = ("" if pointer or "omitempty" not in (options or "") else "?") + field
    return {name: fields for name, fields in made.items() if fields}


def text(schemas):
    lines = [f"{json.dumps(name)}:{json.dumps(schema, separators=(',', ':'), sort_keys=True)}"
             for name, schema in sorted(schemas.items())]
    return ('{"info":{"title":"Kubernetes","version":"' + VERSION + '"},"components":{"schemas":{\n' +
            ",\n".join(lines) + '\n}},\n"numbers":{\n' +
            ",\n".join(f"{json.dumps(name)}:{json.dumps(fields, separators=(',', ':'))}"
                       for name, fields in sorted(numbers(schemas).items())) + "\n}}\n")


def main():
    write(OUT, text(load()))


if __name__ == "__main__":
    main()
