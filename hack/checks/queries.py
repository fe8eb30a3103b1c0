"""Every PromQL that the project ships or shows, and the metrics that the operator has."""
import json
import os
import re
from dataclasses import dataclass, field

import tree
import yaml

MONITORING = "charts/coreflow/files/monitoring"
RULES = f"{MONITORING}/rules.yaml"
PAGES = r"^docs/.*\.md$"
# What the times of a dashboard stand for, and what its variables stand for when everything is chosen.
CHOSEN = {"$__rate_interval": "5m", "$__range": "1h", "$namespace": ".*", "$workflow": ".*"}


@dataclass
class Metric:
    """As docs/metrics.md tells it, which is made from the sources. Of a label that users choose the values are None."""

    kind: str
    labels: dict = field(default_factory=dict)

    def series(self, name):
        return [f"{name}_{part}" for part in ("bucket", "sum", "count")] if self.kind == "histogram" else [name]


def metrics(root):
    """All time series by their names in queries."""
    page = tree.read(root, "docs/metrics.md").split("<!-- metrics -->")[1].split("<!-- end of metrics -->")[0]
    found = {}
    for section in re.split(r"^### ", page, flags=re.M)[1:]:
        name, _, text = section.partition("\n")
        metric = Metric(re.search(r"(counter|gauge|histogram)\.", text)[1])
        for label, values in re.findall(r"^- `(\w+)`: (.*)$", text, re.M):
            closed = re.fullmatch(r"`[^`]+`(, `[^`]+`)*", values)
            metric.labels[label] = set(re.findall(r"`([^`]+)`", values)) if closed else None
        found.update(dict.fromkeys(metric.series(name), metric))
    return found


def rules(root):
    return [rule for group in yaml.safe_load(tree.read(root, RULES))["groups"] for rule in group["rules"]]


def dashboards(root):
    """{path: what Grafana is given}."""
    folder = f"{MONITORING}/dashboards"
    return {f"{folder}/{name}": json.loads(tree.read(root, f"{folder}/{name}"))
            for name in sorted(os.listdir(os.path.join(root, folder)))}


def as_grafana_asks(query):
    for variable, value in CHOSEN.items():
        query = query.replace(variable, value)
    return query


def in_manifest(node):
    """Queries of KEDA, of an adapter for HPAs, and of Prometheus' own rules."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("query", "expr", "seriesQuery", "metricsQuery") and isinstance(value, str):
                yield value
            else:
                yield from in_manifest(value)
    elif isinstance(node, list):
        for value in node:
            yield from in_manifest(value)


def in_page(text):
    for language, block in re.findall(r"^```(promql|yaml)\n(.*?)^```", text, re.M | re.S):
        if language == "promql":
            yield block
        elif "coreflow_" in block:  # others may be parts of manifests
            for document in yaml.safe_load_all(block):
                yield from in_manifest(document)


def queries(root):
    """(where it stands, the query), for all of them."""
    for rule in rules(root):
        yield RULES, rule["expr"]
    for path, dashboard in dashboards(root).items():
        for panel in dashboard["panels"]:
            for target in panel["targets"]:
                yield f'{path} "{panel["title"]}"', as_grafana_asks(target["expr"])
    for path in tree.tracked(root, PAGES):
        for query in in_page(tree.read(root, path)):
            yield path, query
