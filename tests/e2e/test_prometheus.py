"""A real Prometheus reads an install of the chart: which alerts it tells of, and what queries of dashboards and pages answer."""
import os
import re
import sys

import pytest
import yaml
from harness import chart, monitoring, paths
from harness.prometheus import Prometheus
from test_chart import SYSTEM, image, release  # noqa: F401

sys.path.append(os.path.join(paths.ROOT, "hack/checks"))
import queries  # noqa: E402


@pytest.fixture
def kinds(cluster):
    with monitoring.kinds(cluster):
        yield


@pytest.fixture
def installed(kinds, release):  # noqa: F811
    """With everything for monitoring: what Prometheus Operator and Grafana would find is there."""
    made = release(SYSTEM, *monitoring.VALUES)
    assert made.kubectl("get", "configmaps", "-l", "grafana_dashboard=1", "-o", "name").split() == [
        "configmap/coreflow-dashboard-operator", "configmap/coreflow-dashboard-runs"]
    assert made.kubectl("get", "servicemonitors", "-o", "name").split() == ["servicemonitor.monitoring.coreos.com/coreflow-operator"]
    return made


@pytest.fixture
def prometheus(installed, tmp_path):
    with Prometheus(tmp_path, monitoring.scrape_config(), monitoring.rules(installed)) as made:
        yield made


@pytest.mark.own_cluster
def test_alerts_fire_for_their_cause_and_every_query_answers(installed, prometheus, ns):
    prometheus.read(installed.kubectl.items("pods", "-l", monitoring.OPERATORS))
    monitoring.alerted(ns, prometheus, SYSTEM)
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
    scaler = next(one for one in monitoring.manifests("autoscaling.md") if one.get("kind") == "HorizontalPodAutoscaler")
    scaler["metadata"]["namespace"] = ns.name
    assert "created" in ns.kubectl("create", "--dry-run=server", "--validate=strict", "-f", "-", stdin=yaml.safe_dump(scaler))
