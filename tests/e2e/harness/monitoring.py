"""An install that is watched: what the Prometheus Operator and Grafana would find, and runs that alerts tell of."""
import contextlib
import os
import re

import yaml
from harness import paths

OPERATORS = "app.kubernetes.io/name=coreflow"
VALUES = [f"monitoring.{part}.enabled=true" for part in ("serviceMonitor", "prometheusRule", "dashboards")]
RUNS = """
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: well}
spec: {steps: [{name: a, image: "busybox:1.36", command: ["true"]}]}
---
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: badly}
spec: {steps: [{name: a, image: "busybox:1.36", command: ["false"]}]}
---
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: misconfigured}
spec: {steps: [{name: a, image: "busybox:1.36", command: ["true"], env: [{name: A, valueFrom: {configMapKeyRef: {name: none, key: a}}}]}]}
"""


def manifests(page):
    with open(os.path.join(paths.ROOT, "docs", page), encoding="utf-8") as text:
        return [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", text.read(), re.M | re.S)]


def kind(name):
    """As much of a CRD of the Prometheus Operator as a cluster needs to keep its objects."""
    plural, schema = f"{name.lower()}s", {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": f"{plural}.monitoring.coreos.com"},
            "spec": {"group": "monitoring.coreos.com", "scope": "Namespaced", "names": {"kind": name, "plural": plural}, "versions": [version]}}


@contextlib.contextmanager
def kinds(cluster):
    """Those of the Prometheus Operator that the chart makes objects of."""
    crds = yaml.safe_dump_all([kind("ServiceMonitor"), kind("PrometheusRule")])
    cluster.kubectl("apply", "-f", "-", stdin=crds)
    cluster.kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", "-", stdin=crds)
    yield
    cluster.kubectl("delete", "-f", "-", stdin=crds)


def scrape_config():
    """What the documentation tells a Prometheus to read."""
    return manifests("monitoring.md")[0]["scrape_configs"][0]


def rules(installed):
    """The alerts that an install brought."""
    (found,) = installed.kubectl.items("prometheusrules")
    return found["spec"]["groups"]


def alerted(ns, prometheus, namespace):
    """Runs of which one waits for somebody: from the operator's first numbers to the alert that says so, and no other."""
    prometheus.until("Watched")
    assert set(prometheus.listener.firing) == {"Watched"}
    ns.apply(RUNS)
    ns.end("well")
    ns.end("badly", "Failed")
    (alert,) = prometheus.until("CoreFlowStepsMisconfigured")
    assert alert["annotations"]["summary"] == "1 steps wait with Misconfigured until somebody mends something."
    assert alert["labels"]["namespace"] == namespace and alert["labels"]["job"] == "coreflow"
    assert set(prometheus.listener.firing) == {"Watched", "CoreFlowStepsMisconfigured"}
