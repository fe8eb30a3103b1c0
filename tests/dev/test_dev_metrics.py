"""The metrics of `coreflow dev`, and what they say of steps that wait."""
import re

from harness.namespace import condition

QUOTA = """
    apiVersion: v1
    kind: ResourceQuota
    metadata: {name: none}
    spec: {hard: {pods: "%d"}}
    """
MEASURED = """
    apiVersion: coreflow.dev/v1alpha1
    kind: Workflow
    metadata: {name: %s}
    spec: {defaults: {image: busybox}, steps: [{name: only, command: ["true"]}]}
    """


def sample(ns, name, labels=""):
    """The value of the one series of that name whose labels have `labels` among them; 0 when there is none."""
    text = ns.kubectl("get", "--raw", "/metrics")
    values = [float(value) for shown, value in re.findall(rf"^{name}(\{{.*\}})? (\S+)$", text, re.MULTILINE) if labels in shown]
    assert len(values) <= 1, f"{name} with {labels} is {len(values)} series"
    return values[0] if values else 0


def test_they_are_where_an_api_server_has_its_own(ns):
    ns.run(MEASURED % "measured")
    assert sample(ns, "coreflow_workflow_run_duration_seconds_count", 'workflow="measured"') == 1
    assert sample(ns, "coreflow_leader") == 1
    assert sample(ns, "process_resident_memory_bytes") > 1e6


def test_a_step_that_no_quota_allows_waits_with_a_reason_of_its_own(ns):
    ns.apply(QUOTA % 0)
    ns.apply(MEASURED % "too-large")
    waits = ns.wait("too-large", lambda thing: condition(thing).get("reason") == "NeverFits", what="too-large waits with NeverFits")
    assert "exceeded quota: none, requested: pods=1" in condition(waits)["message"]
    assert sample(ns, "coreflow_steps_waiting", 'reason="NeverFits"') == 1
    ns.apply(QUOTA % 1)
    ns.end("too-large")
