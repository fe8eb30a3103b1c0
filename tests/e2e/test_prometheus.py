"""A real Prometheus reads an install of the chart: which alerts it tells of, and what queries of dashboards and pages answer."""
import os
import re
import sys

import pytest
import yaml
from harness import chart, paths
from harness.prometheus import Prometheus
from test_chart import SYSTEM, image, release  # noqa: F401

sys.path.append(os.path.join(paths.ROOT, "hack/checks"))
import queries  # noqa: E402

OPERATORS = "app.kubernetes.io/name=coreflow"
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


@pytest.fixture
def kinds(cluster):
    crds = yaml.safe_dump_all([kind("ServiceMonitor"), kind("PrometheusRule")])
    cluster.kubectl("apply", "-f", "-", stdin=crds)
    cluster.kubectl("wait", "--for=condition=Established", "--timeout=60s", "-f", "-", stdin=crds)
    yield
    cluster.kubectl("delete", "-f", "-", stdin=crds)


@pytest.fixture
def installed(kinds, release, cluster):  # noqa: F811
    """With everything for monitoring: what Prometheus Operator and Grafana would find is there."""
    made = release(SYSTEM, *(f"monitoring.{part}.enabled=true" for part in ("serviceMonitor", "prometheusRule", "dashboards")))
    assert made.kubectl("get", "configmaps", "-l", "grafana_dashboard=1", "-o", "name").split() == [
        "configmap/coreflow-dashboard-operator", "configmap/coreflow-dashboard-runs"]
    assert made.kubectl("get", "servicemonitors", "-o", "name").split() == ["servicemonitor.monitoring.coreos.com/coreflow-operator"]
    return made


@pytest.fixture
def prometheus(installed, cluster, tmp_path):
    (rules,) = cluster.kubectl.items("prometheusrules", "-n", SYSTEM)
    with Prometheus(tmp_path, manifests("monitoring.md")[0]["scrape_configs"][0], rules["spec"]["groups"]) as made:
        yield made


@pytest.mark.own_cluster
def test_alerts_fire_for_their_cause_and_every_query_answers(installed, prometheus, cluster, ns):
    prometheus.read(cluster.kubectl.items("pods", "-n", SYSTEM, "-l", OPERATORS))
    prometheus.until("Watched")
    assert set(prometheus.listener.firing) == {"Watched"}

    ns.apply(RUNS)
    ns.end("well")
    ns.end("badly", "Failed")
    (alert,) = prometheus.until("CoreFlowStepsMisconfigured")
    assert alert["annotations"]["summary"] == "1 steps wait with Misconfigured until somebody mends something."
    assert alert["labels"]["namespace"] == SYSTEM and alert["labels"]["job"] == "coreflow"
    assert set(prometheus.listener.firing) == {"Watched", "CoreFlowStepsMisconfigured"}
    silent = [f"{where}: {query}" for where, query in queries.queries(paths.ROOT)
              if not prometheus.ask(query) and where != queries.RULES and not re.search(r"[<>] *[\d.]+$", query.strip())]
    assert not silent

    installed.kubectl("scale", "deployment/coreflow-operator", "--replicas=0")
    assert prometheus.until("CoreFlowDown")[0]["labels"]["severity"] == "critical"


@pytest.mark.own_cluster
def test_helm_names_the_kind_that_a_cluster_has_not(cluster, ns):
    with pytest.raises(AssertionError, match='no matches for kind "ServiceMonitor"'):
        chart.helm("install", "monitored", chart.CHART, "--kubeconfig", cluster.kubeconfig, "--namespace", ns.name, "--set",
                   f"namespaces={{{ns.name}}},crds.install=false,monitoring.serviceMonitor.enabled=true")
    assert ns.kubectl("get", "deployments,services,serviceaccounts", "-l", "app.kubernetes.io/part-of=coreflow", "-o", "name") == ""


def test_the_autoscaler_of_the_page_is_one(cluster, ns):
    scaler = next(one for one in manifests("autoscaling.md") if one.get("kind") == "HorizontalPodAutoscaler")
    scaler["metadata"]["namespace"] = ns.name
    assert "created" in ns.kubectl("create", "--dry-run=server", "--validate=strict", "-f", "-", stdin=yaml.safe_dump(scaler))
