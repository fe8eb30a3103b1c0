"""What kstatus says of Workflows and Jobs, and so what Flux and Helm 4 wait for: the table of docs/gitops/states.md."""
import os
import re

import pytest
import situations
import verdicts
import yaml
from harness import paths

PAGE = os.path.join(paths.ROOT, "docs/gitops/states.md")
TRUTHS = ("Succeeded", "Ready", "Reconciling", "Stalled", "Suspended")


def table():
    """Its rows by the name of the situation: {column: cell}."""
    with open(PAGE, encoding="utf-8") as file:
        lines = re.findall(r"^\| (.*) \|$", file.read(), re.MULTILINE)
    head, *rows = (re.split(r" \| ", line) for line in lines)
    return {row[0].strip("`"): dict(zip(head[2:], row[2:])) for row in rows if row[0].startswith("`")}


def observed(thing):
    generation, seen = thing["metadata"]["generation"], thing.get("status", {}).get("observedGeneration")
    return "none" if seen is None else "present" if seen == generation else "earlier"


def conditions(thing):
    """As the table shows them: those that hold, and Succeeded in any case, with its reason."""
    found = {one["type"]: one for one in thing.get("status", {}).get("conditions", [])}
    if not found:
        return "none"
    return ", ".join([f"Succeeded={found['Succeeded']['status']}/{found['Succeeded']['reason']}"]
                     + [name for name in TRUTHS[1:] if found.get(name, {}).get("status") == "True"])


@pytest.mark.parametrize("kind, name", situations.EACH)
def test_says_what_the_table_shows(kind, name):
    thing, row = situations.recorded(kind, name), table()[name]
    with open(os.path.join(situations.FOLDER, kind, "health_test.yaml"), encoding="utf-8") as file:
        health = {one["inputPath"]: one["healthStatus"] for one in yaml.safe_load(file)["tests"]}
    assert row == {
        "observedGeneration": observed(thing),
        "conditions": conditions(thing).replace("TooManyFailedIndexes", "StepFailed"),
        "kstatus": verdicts.kstatus(thing)["status"],
        "Argo CD": health[f"testdata/{name}.yaml"]["status"],
    }


def test_the_table_has_every_situation_once():
    assert list(table()) == list(situations.ALL["Workflow"])


@pytest.mark.parametrize("kind, name", situations.EACH)
def test_every_condition_tells_the_same_reason(kind, name):
    """Whichever of them a tool shows."""
    found = situations.recorded(kind, name).get("status", {}).get("conditions", [])
    assert len({(one["reason"], one["message"], one["observedGeneration"]) for one in found}) == min(len(found), 1)
