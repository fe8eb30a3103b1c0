#!/usr/bin/env python3
"""Writes Grafana's dashboards out of the panels below.

usage: gen_dashboards.py [FOLDER]      into charts/coreflow/files/monitoring/dashboards, or another folder
"""
import json
import os
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
FOLDER = os.path.join(ROOT, "charts/coreflow/files/monitoring/dashboards")
WIDTH = 24  # Grafana's columns
SOURCE = {"type": "prometheus", "uid": "${datasource}"}


def ours(metric, more=""):
    """A selector of the operators that were chosen; $namespace is theirs, not that of workflows."""
    return f'{metric}{{namespace=~"$namespace"{", " * bool(more)}{more}}}'


def rate(selector):
    return f"rate({selector}[$__rate_interval])"


def finished(more=""):
    """Runs that ended, of the workflows that were chosen."""
    return ours("coreflow_workflow_runs_finished_total", 'workflow=~"$workflow"' + ", " * bool(more) + more)


def in_the_time_shown(selector):
    return f"sum(increase({selector}[$__range])) or vector(0)"  # 0, not "No data", before the first


def of_operators(metric):
    """Of a metric that every program has, what is the operator's."""
    return f"{metric} and on (job, instance) {ours('coreflow_build_info')}"


def quantiles(buckets, by=""):
    """The median and the 95th percentile of a histogram."""
    legend = f"{{{{{by}}}}} " if by else ""
    return [(f"histogram_quantile({q}, sum by ({by + ', ' if by else ''}le) ({rate(buckets)}))", f"{legend}{name}")
            for q, name in ((0.5, "half"), (0.95, "19 of 20"))]


def panel(kind, width, height, title, unit, description, *queries):
    """A query comes with the legend of its series."""
    targets = [{"refId": chr(ord("A") + i), "expr": query, "legendFormat": legend, "datasource": SOURCE}
               for i, (query, legend) in enumerate(queries)]
    return {"type": kind, "title": title, "description": description, "datasource": SOURCE, "targets": targets,
            "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []}, "gridPos": {"w": width, "h": height}}


def number(title, description, query):
    """One figure."""
    return panel("stat", 4, 4, title, "short", description, (query, ""))


def lines(title, unit, description, *queries):
    """Curves over time."""
    made = panel("timeseries", 12, 8, title, unit, description, *queries)
    made["options"] = {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}
    return made


def stacked(*arguments):
    """Curves whose sum counts."""
    made = lines(*arguments)
    made["fieldConfig"]["defaults"]["custom"] = {"fillOpacity": 30, "stacking": {"mode": "normal"}}
    return made


RUNS = [
    number("Runs under way", "Workflows and jobs whose current run has not ended.",
           f"""sum({ours("coreflow_workflow_runs", 'state=~"Pending|Running|Stopping"')})"""),
    number("Suspended", "Workflows and jobs that somebody has suspended.",
           f"""sum({ours("coreflow_workflow_runs", 'state="Suspended"')})"""),
    number("Steps that run", "Each item of a forEach and each index of a job counts as one.",
           f"""sum({ours("coreflow_steps", 'state="Running"')})"""),
    number("Steps that wait", "For whatever reason.", f"""sum({ours("coreflow_steps", 'state="Waiting"')})"""),
    number("Failed", "Runs whose own commands failed or took too long, in the time shown.",
           in_the_time_shown(finished('result=~"failure|timeout"'))),
    number("Errors", "Runs that the cluster or CoreFlow failed, in the time shown.", in_the_time_shown(finished('result="error"'))),
    stacked("Runs that ended, per minute", "short", "failure: what the user ran failed. error: the cluster or CoreFlow failed.",
            (f"60 * sum by (result) ({rate(finished())})", "{{result}}")),
    lines("Failures and errors, per minute", "short", "By workflow.",
          (f"""60 * sum by (workflow, result) ({rate(finished('result=~"failure|timeout|error"'))}) > 0""", "{{workflow}} {{result}}")),
    lines("How long runs take", "s", "By workflow, from the start of the run to its end.",
          *quantiles(ours("coreflow_workflow_run_duration_seconds_bucket", 'workflow=~"$workflow"'), by="workflow")),
    lines("How long steps take to start", "s",
          "From the moment when nothing in the workflow held a step up to the start of its container: scheduling, pulling, starting.",
          *quantiles(ours("coreflow_step_start_latency_seconds_bucket"))),
    stacked("Steps", "short", "Of runs that have not ended.", (f"sum by (state) ({ours('coreflow_steps')})", "{{state}}")),
    stacked("Why steps wait", "short", "By the one reason why they do; docs/reasons.md says what to do about each.",
            (f"sum by (reason) ({ours('coreflow_steps_waiting')}) > 0", "{{reason}}")),
    lines("Cores and GPUs that steps wait for", "short", "What the steps ask for that more nodes or quota would start.",
          (f"""sum by (resource) ({ours("coreflow_queue_demand", 'resource=~"cpu|gpu"')})""", "{{resource}}")),
    lines("Memory that steps wait for", "bytes", "What the steps ask for that more nodes or quota would start.",
          (f"""sum({ours("coreflow_queue_demand", 'resource="memory"')})""", "memory")),
    stacked("Step cache, per minute", "short", "What it answered before steps with a cache started.",
            (f"60 * sum by (result) ({rate(ours('coreflow_cache_requests_total'))})", "{{result}}")),
    lines("Time saved by the step cache, in the time shown", "s", "How long the steps once took whose results were taken from it.",
          (in_the_time_shown(ours("coreflow_cache_saved_seconds_total")), "saved")),
]

OPERATOR = [
    number("Replicas", "That Prometheus sees.", f"count({ours('coreflow_build_info')})"),
    number("Leaders", "1, but for seconds after a change.", f"sum({ours('coreflow_leader')})"),
    number("Fenced", "1: the API server refuses what a former leader still sends. 0 for installs that serve named namespaces.",
           f"max({ours('coreflow_fenced')})"),
    number("Objects left alone", "Deciding about them failed; the log names them.", f"sum({ours('coreflow_quarantined_objects')})"),
    number("Namespaces of other installs", "With workflows or jobs, which this one leaves alone.",
           f"sum({ours('coreflow_foreign_namespaces')})"),
    number("Versions", "More than 1 only while an upgrade goes on.", f"count(count by (version, revision) ({ours('coreflow_build_info')}))"),
    stacked("Who leads", "short", "1 while a replica leads.", (ours("coreflow_leader"), "{{pod}}")),
    lines("Share of a CPU that deciding takes", "percentunit", "One thread decides: near 100 % the operator is full.",
          (rate(ours("coreflow_reconcile_duration_seconds_sum")), "{{pod}}")),
    lines("Decisions per second", "ops", "How often runs are looked at.",
          (rate(ours("coreflow_reconcile_duration_seconds_count")), "{{pod}}")),
    lines("How long one decision takes", "s", "About one run.", *quantiles(ours("coreflow_reconcile_duration_seconds_bucket"))),
    stacked("Requests to the API server per second", "reqps", "By what they do.",
            (f"sum by (verb, resource) ({rate(ours('coreflow_api_requests_total'))}) > 0", "{{verb}} {{resource}}")),
    lines("Requests that were not answered well, per second", "reqps",
          "429: API Priority and Fairness holds CoreFlow back. 403 that stays: a right is missing. none: nobody answered.",
          (f"""sum by (code) ({rate(ours("coreflow_api_requests_total", 'code!~"20."'))}) > 0""", "{{code}}")),
    lines("Reads and writes that failed, per second", "ops", "Also those that are tried again. Conflict and AlreadyExists are everyday.",
          (f"sum by (reason) ({rate(ours('coreflow_reconcile_errors_total'))}) > 0", "{{reason}}")),
    lines("Memory", "bytes", "Of the operator's processes.", (of_operators("process_resident_memory_bytes"), "{{pod}}")),
    lines("CPU", "percentunit", "Of one core.", (of_operators(rate("process_cpu_seconds_total")), "{{pod}}")),
    lines("Open files and connections", "short", "Of the operator's processes.", (of_operators("process_open_fds"), "{{pod}}")),
]


def placed(panels):
    """From left to right, then in the next row; each with a number."""
    x = y = height = 0
    for number_of, one in enumerate(panels, 1):
        if x + one["gridPos"]["w"] > WIDTH:
            x, y = 0, y + height
        one["id"] = number_of
        one["gridPos"].update(x=x, y=y)
        x, height = x + one["gridPos"]["w"], one["gridPos"]["h"]
    return panels


def choice(name, query):
    """A variable that takes values of a label; with All also series that don't have it."""
    return {"name": name, "type": "query", "datasource": SOURCE, "query": query, "refresh": 2, "sort": 1,
            "multi": True, "includeAll": True, "allValue": ".*", "current": {"text": "All", "value": "$__all"}}


def dashboard(uid, title, panels, variables):
    source = {"name": "datasource", "type": "datasource", "query": "prometheus"}
    return {"uid": uid, "title": title, "tags": ["coreflow"], "schemaVersion": 39, "editable": True, "refresh": "30s",
            "time": {"from": "now-6h", "to": "now"}, "templating": {"list": [source, *variables]}, "panels": placed(panels)}


NAMESPACE = choice("namespace", "label_values(coreflow_build_info, namespace)")
WORKFLOW = choice("workflow", f"label_values({ours('coreflow_workflow_runs_finished_total')}, workflow)")
DASHBOARDS = {
    "runs.json": dashboard("coreflow-runs", "CoreFlow: runs and steps", RUNS, [NAMESPACE, WORKFLOW]),
    "operator.json": dashboard("coreflow-operator", "CoreFlow: the operator", OPERATOR, [NAMESPACE]),
}


def main(folder):
    os.makedirs(folder, exist_ok=True)
    for name, content in DASHBOARDS.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else FOLDER)
