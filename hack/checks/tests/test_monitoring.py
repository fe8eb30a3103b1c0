"""Rules, dashboards and pages: what they name exists, and Prometheus and Grafana can read it."""
import filecmp
import os
import re
import shutil
import subprocess

import monitoring
import pytest
import queries
import tree as files
import yaml

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
OURS = sorted(files.tracked(ROOT, rf"{queries.PAGES}|^{queries.MONITORING}/"))


def test_the_real_tree_names_only_what_there_is(root):
    assert monitoring.check(root) == []


@pytest.fixture
def copied(tmp_path):
    """What the check reads, to break."""
    for path in OURS:
        os.makedirs(tmp_path / os.path.dirname(path), exist_ok=True)
        shutil.copy(os.path.join(ROOT, path), tmp_path / path)
    return tmp_path


@pytest.mark.parametrize("path, before, after, problem", [
    (queries.RULES, "absent(coreflow_build_info)", "absent(coreflow_built)", "there is no metric coreflow_built"),
    (queries.RULES, "NeverFits|", "NeverFit|", 'reason of coreflow_steps_waiting is never "NeverFit"'),
    (queries.RULES, 'increase1h{result="error"}', 'increase1h{outcome="error"}', "has no label outcome"),
    (queries.RULES, "sum by (namespace, job) (coreflow_leader)", "sum by (replica) (coreflow_leader)", "has the label replica"),
    (queries.RULES, "alert: CoreFlowDown", "alert: CoreFlowGone", "CoreFlowGone has no docs/runbooks/CoreFlowGone.md"),
    (queries.RULES, "runbooks/CoreFlowDown.md", "runbooks/CoreFlowNoLeader.md", "CoreFlowDown names another runbook"),
    (f"{queries.MONITORING}/dashboards/runs.json", "state=\\\"Suspended\\\"", "state=\\\"Paused\\\"", 'is never "Paused"'),
])
def test_what_nothing_has_is_found(copied, path, before, after, problem):
    text = (copied / path).read_text()
    assert before in text
    (copied / path).write_text(text.replace(before, after, 1))
    assert any(problem in one for one in monitoring.check(str(copied)))


def test_a_page_that_names_a_metric_that_is_none_is_found(copied):
    (copied / "docs/install.md").write_text("Look at `coreflow_steps_lost`.\n```promql\nsum(coreflow_steps{state=\"Lost\"})\n```\n")
    found = monitoring.check(str(copied))
    assert "docs/install.md: there is no metric coreflow_steps_lost" in found
    assert 'docs/install.md: state of coreflow_steps is never "Lost"' in found


def test_a_runbook_without_an_alert_is_found(copied):
    (copied / "docs/runbooks/CoreFlowBored.md").write_text("# CoreFlowBored\n")
    assert "docs/runbooks/CoreFlowBored.md: there is no such alert" in monitoring.check(str(copied))


def test_prometheus_parses_every_query(root, tmp_path):
    rules = [{"record": f"query:{number}", "expr": query, "labels": {"where": where}}
             for number, (where, query) in enumerate(queries.queries(root))]
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump({"groups": [{"name": "all", "rules": rules}]}))
    done = subprocess.run(["promtool", "check", "rules", tmp_path / "rules.yaml"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboards_are_what_their_source_makes(root, tmp_path):
    subprocess.run([os.path.join(root, "hack/gen_dashboards.py"), tmp_path], check=True)
    folder = os.path.join(root, queries.MONITORING, "dashboards")
    names = sorted(os.listdir(folder))
    assert names == sorted(os.listdir(tmp_path))
    assert filecmp.cmpfiles(folder, tmp_path, names, shallow=False) == (names, [], []), "run `make generate`"


def test_dashboards_are_whole(root):
    dashboards = queries.dashboards(root).values()
    assert len({dashboard["uid"] for dashboard in dashboards}) == len(dashboards) == 2
    for dashboard in dashboards:
        panels, variables = dashboard["panels"], dashboard["templating"]["list"]
        assert len({panel["id"] for panel in panels}) == len({panel["title"] for panel in panels}) == len(panels)
        assert all(panel["description"] and panel["targets"] for panel in panels)
        used = set(re.findall(r"\$\{?(\w+)", str(panels) + str(variables))) - {"__rate_interval", "__range", "__all"}
        assert used == {variable["name"] for variable in variables}
        cells = [(x, y) for at in (panel["gridPos"] for panel in panels)
                 for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
        assert len(cells) == len(set(cells)) and max(x for x, _ in cells) < 24
