#!/usr/bin/env python3
"""Alerts, dashboards and pages name only metrics, labels and values that the operator has; each alert has a runbook, and
each runbook an alert.

usage: monitoring.py [ROOT]
"""
import os
import re
import sys

import queries
import tree

RUNBOOKS = "docs/runbooks"
# Labels that Prometheus adds.
OF_THE_TARGET = {"namespace", "job", "pod", "instance"}
SELECTOR = re.compile(r"\b((?:coreflow|process|namespace_job\w*:coreflow)_\w+(?::\w+)*)(?:\{([^}]*)\})?")
MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')


def recorded(root, known):
    """The series of recording rules: by the name of the rule, with the labels of what they are made of."""
    for rule in queries.rules(root):
        if "record" in rule:
            of = SELECTOR.search(rule["expr"])[1]
            yield rule["record"], known[of]


def problems_of(query, known):
    """What in a query the operator does not have."""
    labels = {*OF_THE_TARGET, "le"}
    for name, matchers in SELECTOR.findall(query):
        if name not in known:
            yield f"there is no metric {name}"
            continue
        labels.update(known[name].labels)
        for label, how, value in MATCHER.findall(matchers):
            yield from problems_of_matcher(name, known[name].labels, label, how, value)
    for names in re.findall(r"\b(?:by|on|without|ignoring)\s*\(([^)]*)\)", query):
        for label in filter(None, map(str.strip, names.split(","))):
            if label not in labels:
                yield f"none of its metrics has the label {label}"


def problems_of_matcher(name, labels, label, how, value):
    if label in OF_THE_TARGET:
        return
    if label not in labels:
        yield f"{name} has no label {label}"
    elif labels[label] is not None and value != ".*":
        for one in value.split("|") if "~" in how else [value]:
            if not any(re.fullmatch(one, possible) for possible in labels[label]):
                yield f'{label} of {name} is never "{one}"'


def check_runbooks(root):
    alerts = {rule["alert"]: rule["annotations"] for rule in queries.rules(root) if "alert" in rule}
    pages = {os.path.basename(path)[:-3] for path in tree.tracked(root, rf"^{RUNBOOKS}/CoreFlow\w+\.md$")}
    for alert, annotations in alerts.items():
        if alert not in pages:
            yield f"{queries.RULES}: {alert} has no {RUNBOOKS}/{alert}.md"
        if not annotations["runbook_url"].endswith(f"/{RUNBOOKS}/{alert}.md"):
            yield f"{queries.RULES}: {alert} names another runbook: {annotations['runbook_url']}"
    for page in sorted(pages - set(alerts)):
        yield f"{RUNBOOKS}/{page}.md: there is no such alert"


def check(root):
    known = queries.metrics(root)
    known.update(recorded(root, known))
    problems = [f"{where}: {problem}" for where, query in queries.queries(root) for problem in problems_of(query, known)]
    for path in tree.tracked(root, queries.PAGES):
        for name in set(re.findall(r"\b(?:coreflow|process)_[a-z_]+\b", tree.read(root, path))):
            if name not in known and f"{name}_count" not in known:
                problems.append(f"{path}: there is no metric {name}")
    return problems + list(check_runbooks(root))


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "."), "names that nothing has"))
