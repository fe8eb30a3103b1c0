"""The alerts, told by promtool when they fire: tests/alerts has what happens."""
import glob
import os
import subprocess

import pytest
import queries
import tree
import yaml

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
SCENARIOS = os.path.join(ROOT, "tests/alerts")
ALERTS = [rule["alert"] for rule in queries.rules(ROOT) if "alert" in rule]


def promtool(*arguments, cwd=ROOT):
    # Its databases wait for the disk with each test.
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False, cwd=cwd,
                          env={**os.environ, "TMPDIR": "/dev/shm"})


def test_promtool_reads_the_rules():
    done = promtool("check", "rules", queries.RULES)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_has_a_scenario():
    assert {os.path.basename(path)[:-5] for path in glob.glob(f"{SCENARIOS}/*.yaml")} == {"quiet", *ALERTS}


def test_alerts_fire_and_stay_silent_as_told():
    done = promtool("test", "rules", *sorted(glob.glob(f"{SCENARIOS}/*.yaml")), cwd=SCENARIOS)
    assert done.returncode == 0, done.stdout + done.stderr


def changed(folder, alert, scenario, change):
    """Writes what the scenario tells first, with that alert changed; the name of its file."""
    rules = yaml.safe_load(tree.read(ROOT, queries.RULES))
    for rule in (rule for group in rules["groups"] for rule in group["rules"] if rule.get("alert") == alert):
        rule.update(change)
    told = yaml.safe_load(tree.read(SCENARIOS, f"{scenario}.yaml"))
    told.update(rule_files=[f"{alert}-rules.yaml"], tests=told["tests"][:1])
    (folder / f"{alert}-rules.yaml").write_text(yaml.safe_dump(rules))
    (folder / f"{alert}.yaml").write_text(yaml.safe_dump(told))
    return f"{alert}.yaml"


@pytest.mark.parametrize("scenario, change", [
    (None, {"expr": "vector(0) > 1"}), (None, {"for": "0s"}), ("quiet", {"expr": "vector(1)"})],
    ids=["never fires", "does not wait", "always fires"])
def test_an_alert_is_found_that(scenario, change, tmp_path):
    files = [changed(tmp_path, alert, scenario or alert, change) for alert in ALERTS]
    done = promtool("test", "rules", *files, cwd=tmp_path)
    assert done.stderr.count("FAILED") == len(ALERTS) and "SUCCESS" not in done.stdout, done.stdout + done.stderr
