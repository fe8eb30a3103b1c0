#!/usr/bin/env python3
"""What the charts render is what Kubernetes takes, in every version that they install on: no field that is none, none of a
wrong type, none missing.

usage: manifests.py [ROOT]      schemas of Kubernetes' kinds: hack/gen_chart_schemas.py; of ours: crds/
"""
import functools
import json
import os
import sys

import helm
import jsonschema
import tree
import yaml

VERSIONS = ["1.31", "1.32", "1.33", "1.34"]
SCHEMAS = "hack/checks/kubernetes_schemas.gen.json"
# Kinds of the Prometheus Operator, whose schemas are its own.
FOREIGN = "monitoring.coreos.com/"


def closed(schema):
    """The schema, which now refuses fields that it does not name; the API server would drop them."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items() if key != "properties"}
    if "properties" in schema:
        made["properties"] = {name: closed(value) for name, value in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields"):
            made.setdefault("additionalProperties", False)
    return made


def of_kubernetes(root, version):
    """apiVersion/kind -> schema, in that minor version."""
    known = json.loads(tree.read(root, SCHEMAS))
    schemas = {name: closed(one["schema"]) for name, variants in known["schemas"].items() for one in variants
               if version in one["in"]}
    return {kind: {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
            for kind, name in known["kinds"].items() if name in schemas}


def of_ours(root):
    folder = os.path.join(root, "crds")
    for file in sorted(os.listdir(folder)):
        crd = yaml.safe_load(tree.read(folder, file))["spec"]
        for version in crd["versions"]:
            schema = closed(version["schema"]["openAPIV3Schema"])
            schema["properties"].update(apiVersion={}, kind={}, metadata={})
            yield f"{crd['group']}/{version['name']}/{crd['names']['kind']}", schema


@functools.cache
def validators(root, version):
    schemas = {**of_kubernetes(root, version), **dict(of_ours(root))}
    return {kind: jsonschema.Draft7Validator(schema) for kind, schema in schemas.items()}


@functools.cache  # most documents are the same in all installs
def _faults(root, version, text):
    document = json.loads(text)
    if document["apiVersion"].startswith(FOREIGN):
        return []
    validator = validators(root, version).get(f"{document['apiVersion']}/{document['kind']}")
    if validator is None:
        return ["is of no kind that is known"]
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in validator.iter_errors(document)]


def faults(root, version, document):
    """What that version of Kubernetes would have against a document."""
    return _faults(root, version, json.dumps(document, sort_keys=True))


def check(root):
    return [f"Kubernetes {version}, {install}: {helm.name_of(document)}: {fault}" for version in VERSIONS
            for install, documents in helm.installs(root, kubernetes=f"{version}.0")
            for document in documents for fault in faults(root, version, document)]


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "."), "faults of manifests"))
