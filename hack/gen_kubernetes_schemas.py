#!/usr/bin/env python3
"""Makes pkg/apiserver/kubernetes_schemas.gen.json, the schemas of the kinds of Kubernetes' own that the API server in
this process has, from Kubernetes' own OpenAPI: one schema a line.

usage: hack/gen_kubernetes_schemas.py [--check]     needs go, for `go mod download` of one module
"""
import json
import pathlib
import subprocess
import sys

VERSION = "v1.34.4"
OUT = pathlib.Path(__file__).resolve().parent.parent / "pkg" / "apiserver" / "kubernetes_schemas.gen.json"
CORE = "Pod Namespace ConfigMap Secret Node ServiceAccount ResourceQuota Event".split()
ROOTS = {
    "api__v1": ["io.k8s.api.core.v1." + kind for kind in CORE],
    "apis__events.k8s.io__v1": ["io.k8s.api.events.v1.Event"],
    "apis__coordination.k8s.io__v1": ["io.k8s.api.coordination.v1.Lease"],
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
    made = subprocess.run(["go", "mod", "download", "-json", f"k8s.io/kubernetes@{VERSION}"], check=True,
                          capture_output=True, text=True, cwd="/")
    folder = pathlib.Path(json.loads(made.stdout)["Dir"]) / "api/openapi-spec/v3"
    kept = {}
    for name, roots in ROOTS.items():
        schemas = json.loads((folder / f"{name}_openapi.json").read_text())["components"]["schemas"]
        todo = list(roots)
        while todo:
            one = todo.pop()
            if one not in kept:
                kept[one] = schemas[one]
                todo += references(schemas[one])
    return kept


def text(schemas):
    lines = [f"{json.dumps(name)}:{json.dumps(schema, separators=(',', ':'), sort_keys=True)}"
             for name, schema in sorted(schemas.items())]
    return ('{"info":{"title":"Kubernetes","version":"' + VERSION + '"},"components":{"schemas":{\n' +
            ",\n".join(lines) + "\n}}}\n")


def main():
    made = text(load())
    if OUT.exists() and OUT.read_text() == made:
        return
    if "--check" in sys.argv[1:]:
        raise SystemExit(f"stale, run hack/gen_kubernetes_schemas.py: {OUT}")
    OUT.write_text(made)
    print(f"written: {OUT}")


if __name__ == "__main__":
    main()
