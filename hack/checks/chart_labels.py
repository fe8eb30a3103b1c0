#!/usr/bin/env python3
"""Everything that the charts install carries the recommended labels, pods included; what selects pods does so by labels
that never change, and finds some.

usage: chart_labels.py [ROOT]
"""
import sys

import helm
import tree

PREFIX = "app.kubernetes.io/"
SELECTING = {PREFIX + name for name in ("name", "instance", "component")}
WANTED = SELECTING | {PREFIX + name for name in ("version", "part-of", "managed-by")} | {"helm.sh/chart"}


def labels(thing):
    return thing["metadata"].get("labels") or {}


def template(document):
    """The template of the pods that a document starts, if it has one."""
    return document.get("spec", {}).get("template")


def selectors(document):
    """The labels by which a document selects pods of the release."""
    spec = document.get("spec", {})
    if document["kind"] == "Service":
        yield spec["selector"]
    if document["kind"] in ("Deployment", "PodDisruptionBudget"):
        yield spec["selector"]["matchLabels"]
    if document["kind"] == "NetworkPolicy":
        yield spec["podSelector"]["matchLabels"]
    if template(document):
        yield from (one["labelSelector"]["matchLabels"] for one in template(document)["spec"].get("topologySpreadConstraints", []))


def check_documents(documents):
    pods = [labels(template(document)) for document in documents if template(document)]
    for document in documents:
        where = helm.name_of(document)
        for thing, what in ((document, "it has"), (template(document), "its pods have")):
            missing = WANTED - set(labels(thing)) if thing else set()
            if missing:
                yield f"{where}: {what} no label {', '.join(sorted(missing))}"
        for selector in selectors(document):
            if set(selector) - SELECTING:
                yield f"{where}: selects by {', '.join(sorted(set(selector) - SELECTING))}"
            elif not any(selector.items() <= pod.items() for pod in pods):
                yield f"{where}: selects no pod"


def check(root):
    return [f"{install}: {problem}" for install, documents in helm.installs(root) for problem in check_documents(documents)]


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "."), "faults of labels"))
