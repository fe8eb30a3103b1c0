"""What the chart installs for Prometheus and Grafana, when asked."""
import json
import os

import pytest
import queries
import yaml
from helm import helm

KINDS = {"ServiceMonitor", "PodMonitor", "PrometheusRule", "ConfigMap"}


def installed(root, *values):
    """The manifests for monitoring, by kind, as `helm template` makes them without a cluster."""
    done = helm(root, "template", "--namespace", "here", *(word for value in values for word in ("--set", f"monitoring.{value}")))
    assert done.returncode == 0, done.stderr
    documents = [document for document in yaml.safe_load_all(done.stdout) if document]
    return {kind: [one for one in documents if one["kind"] == kind] for kind in (*KINDS, "Service", "Deployment")}


def test_by_default_there_is_none(root):
    made = installed(root)
    assert not any(made[kind] for kind in KINDS)
    assert not [one for one in made["Service"] if one["metadata"]["name"] == "coreflow-metrics"]


def test_a_service_monitor_finds_the_port_of_the_operator(root):
    made = installed(root, "serviceMonitor.enabled=true", "serviceMonitor.interval=15s", "serviceMonitor.labels.release=mine",
                     "serviceMonitor.annotations.by=me")
    (monitor,), (service,) = made["ServiceMonitor"], [s for s in made["Service"] if s["metadata"]["name"] == "coreflow-metrics"]
    assert monitor["metadata"]["labels"]["release"] == "mine" and monitor["metadata"]["annotations"] == {"by": "me"}
    assert monitor["spec"]["endpoints"] == [{"port": "metrics", "interval": "15s"}]
    assert monitor["spec"]["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert monitor["spec"]["namespaceSelector"] == {"matchNames": ["here"]} and service["metadata"]["namespace"] == "here"
    assert service["spec"]["ports"] == [{"name": "metrics", "port": 8080, "targetPort": "metrics"}]
    check_pods(made, service["spec"]["selector"])
    others = [port["name"] for one in made["Service"] if one is not service for port in one["spec"]["ports"]]
    assert "metrics" not in others, "or the operator would be read twice"


def test_a_pod_monitor_finds_the_port_of_the_operator(root):
    made = installed(root, "podMonitor.enabled=true")
    (monitor,) = made["PodMonitor"]
    assert monitor["spec"]["podMetricsEndpoints"] == [{"port": "metrics"}]
    check_pods(made, monitor["spec"]["selector"]["matchLabels"])


def check_pods(made, selector):
    pod = made["Deployment"][0]["spec"]["template"]
    assert selector.items() <= pod["metadata"]["labels"].items()
    assert {"name": "metrics", "containerPort": 8080} in pod["spec"]["containers"][0]["ports"]


def test_both_monitors_would_count_twice(root):
    done = helm(root, "template", "--set", "monitoring.serviceMonitor.enabled=true,monitoring.podMonitor.enabled=true")
    assert done.returncode != 0 and "counted twice: enable one of them" in done.stderr


def test_the_rule_has_what_the_file_has(root):
    made = installed(root, "prometheusRule.enabled=true")
    assert [rule for group in made["PrometheusRule"][0]["spec"]["groups"] for rule in group["rules"]] == queries.rules(root)


def test_alerts_can_be_left_out_and_lead_to_runbooks_of_ones_own(root):
    made = installed(root, "prometheusRule.enabled=true", "prometheusRule.withoutAlerts={CoreFlowDown,CoreFlowNoLeader}",
                     "prometheusRule.runbookURL=https://wiki/coreflow/")
    rules = [rule for group in made["PrometheusRule"][0]["spec"]["groups"] for rule in group["rules"] if "alert" in rule]
    assert {rule["alert"] for rule in queries.rules(root) if "alert" in rule} - {rule["alert"] for rule in rules} == {
        "CoreFlowDown", "CoreFlowNoLeader"}
    assert all(rule["annotations"]["runbook_url"] == f"https://wiki/coreflow/{rule['alert']}.md" for rule in rules)


def test_an_install_without_a_fence_does_not_miss_it(root):
    done = helm(root, "template", "--set", "namespaces={a},monitoring.prometheusRule.enabled=true")
    assert "CoreFlowFenceMissing" not in done.stdout and "CoreFlowDown" in done.stdout


def test_every_alert_can_be_left_out_and_nothing_else(root):
    with open(os.path.join(root, "charts/coreflow/values.schema.json"), encoding="utf-8") as file:
        schema = json.load(file)["properties"]["monitoring"]["properties"]["prometheusRule"]["properties"]
    assert schema["withoutAlerts"]["items"]["enum"] == [rule["alert"] for rule in queries.rules(root) if "alert" in rule]


def test_grafana_finds_each_dashboard_by_its_label(root):
    made = installed(root, "dashboards.enabled=true", "dashboards.annotations.grafana_folder=CoreFlow")
    found = {}
    for one in made["ConfigMap"]:
        assert one["metadata"]["labels"]["grafana_dashboard"] == "1"
        assert one["metadata"]["annotations"] == {"grafana_folder": "CoreFlow"}
        found.update({name: json.loads(text) for name, text in one["data"].items()})
    assert found == {os.path.basename(path): content for path, content in queries.dashboards(root).items()}


@pytest.mark.parametrize("value", ["serviceMonitor.interval=soon", "prometheusRule.withoutAlerts={CoreFlowBored}", "alerts=true",
                                   "prometheusRule.runbookURL=here", "dashboards.enabled=1"])
def test_values_of_monitoring_that_are_none_are_refused(root, value):
    done = helm(root, "template", "--set", f"monitoring.{value}")
    assert done.returncode != 0 and "values don't meet the specifications of the schema" in done.stderr
