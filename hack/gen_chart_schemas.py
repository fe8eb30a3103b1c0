#!/usr/bin/env python3
"""Makes hack/checks/kubernetes_schemas.gen.json, the schemas of the kinds that the charts may render, from Kubernetes' own
OpenAPI of each minor version that the charts install on. What is the same in several versions stands there once.

usage: hack/gen_chart_schemas.py [--check]     downloads Go modules
"""
import json

from gen_kubernetes_schemas import references
from kubernetes_modules import VERSION, openapi, write

OUT = "hack/checks/kubernetes_schemas.gen.json"
VERSIONS = ["v1.31.14", "v1.32.13", "v1.33.13", VERSION]
KINDS = {
    "api__v1": ["ConfigMap", "Service", "ServiceAccount"],
    "apis__admissionregistration.k8s.io__v1": ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
    "apis__apiextensions.k8s.io__v1": ["CustomResourceDefinition"],
    "apis__apps__v1": ["Deployment"],
    "apis__batch__v1": ["Job"],
    "apis__flowcontrol.apiserver.k8s.io__v1": ["FlowSchema"],
    "apis__networking.k8s.io__v1": ["NetworkPolicy"],
    "apis__policy__v1": ["PodDisruptionBudget"],
    "apis__rbac.authorization.k8s.io__v1": ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"],
}
KEPT = {"$ref", "additionalProperties", "allOf", "anyOf", "enum", "items", "oneOf", "required", "type"}


def bare(schema):
    """A schema without what only tells people something."""
    if isinstance(schema, list):
        return [bare(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: bare(value) for key, value in schema.items() if key in KEPT}
    if "properties" in schema:
        kept["properties"] = {name: bare(value) for name, value in schema["properties"].items()}
    return kept


def load(version):
    """({apiVersion/kind: name of its schema}, {name: schema}) of one version."""
    roots, kept = {}, {}
    for document, kinds in KINDS.items():
        schemas = openapi(document, version)
        for name, schema in schemas.items():
            for one in schema.get("x-kubernetes-group-version-kind", []):
                if one["kind"] in kinds and name.endswith("." + one["kind"]):
                    roots["/".join(filter(None, (one["group"], one["version"], one["kind"])))] = name
        todo = [name for name in roots.values() if name in schemas]
        while todo:
            one = todo.pop()
            if one not in kept:
                kept[one] = bare(schemas[one])
                todo += references(schemas[one])
    return roots, kept


def main():
    roots, variants = {}, {}
    for version in VERSIONS:
        minor = ".".join(version.lstrip("v").split(".")[:2])
        kinds, schemas = load(version)
        roots |= kinds
        for name, schema in schemas.items():
            text = json.dumps(schema, separators=(",", ":"), sort_keys=True)
            variants.setdefault(name, {}).setdefault(text, []).append(minor)
    lines = [f'{json.dumps(name)}:[' + ",".join(f'{{"in":{json.dumps(minors)},"schema":{text}}}' for text, minors in texts.items()) + "]"
             for name, texts in sorted(variants.items())]
    write(OUT, '{"kinds":' + json.dumps(roots, indent=0, sort_keys=True) + ',\n"schemas":{\n' + ",\n".join(lines) + "\n}}\n")


if __name__ == "__main__":
    main()
