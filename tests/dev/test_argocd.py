"""Argo CD's health and actions of Workflows and Jobs, in the Lua that Argo CD runs: over recorded objects, and on live ones."""
import glob
import json
import os
import re
import subprocess

import pytest
import situations
import verdicts
import yaml
from harness import paths
from harness.namespace import has_ended

GENERATOR = os.path.join(paths.ROOT, "hack/gen_argocd.py")
NOW = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return yaml.safe_load(file)


@pytest.fixture(scope="session", name="layout")
def fixture_layout(tmp_path_factory):
    """As in argo-cd's own repository."""
    folder = tmp_path_factory.mktemp("argo-cd")
    subprocess.run([GENERATOR, "--layout", folder], check=True)
    return folder / "coreflow.dev"


def discovered(layout, thing):
    found = verdicts.lua(layout / thing["kind"] / "actions/discovery.lua", thing)
    return {name: not action["disabled"] for name, action in found.items()}


def acted(layout, name, thing):
    return verdicts.lua(layout / thing["kind"] / "actions" / name / "action.lua", thing)


def stable(thing):
    return json.loads(NOW.sub("2026-01-01T00:00:00Z", json.dumps(thing)))


@pytest.mark.parametrize("kind", situations.KINDS)
def test_health_is_as_the_table_says(layout, kind):
    table = read(layout, kind, "health_test.yaml")["tests"]
    assert sorted(row["inputPath"] for row in table) == sorted(f"testdata/{name}.yaml" for name in situations.ALL[kind])
    said = [{"inputPath": row["inputPath"], "healthStatus": verdicts.lua(layout / kind / "health.lua", read(layout, kind, row["inputPath"]))}
            for row in table]
    assert said == [{"inputPath": row["inputPath"], "healthStatus": row["healthStatus"]} for row in table]


@pytest.mark.parametrize("kind", situations.KINDS)
def test_the_menu_has_what_is_of_use(layout, kind):
    table = read(layout, kind, "actions/action_test.yaml")["discoveryTests"]
    for row in table:
        said = discovered(layout, read(layout, kind, "actions", row["inputPath"]))
        assert said == {action["name"]: not action["disabled"] for action in row["result"]}, row["inputPath"]
        assert sorted(said) == sorted(os.path.basename(os.path.dirname(path)) for path in glob.glob(f"{layout}/{kind}/actions/*/action.lua"))


@pytest.mark.parametrize("kind", situations.KINDS)
def test_an_action_changes_what_the_table_says(layout, kind):
    for row in read(layout, kind, "actions/action_test.yaml")["actionTests"]:
        said = acted(layout, row["action"], read(layout, kind, "actions", row["inputPath"]))
        assert stable(said) == read(layout, kind, "actions", row["expectedOutputPath"]), row


def test_scripts_get_no_more_of_lua_than_argocd_gives(tmp_path):
    script = tmp_path / "look.lua"
    script.write_text('local os = require("os")\nreturn {type(table), type(string), type(math), type(io), type(os.date), type(os.exit)}')
    assert verdicts.lua(script, {}) == ["table", "nil", "nil", "nil", "function", "nil"]


def test_the_patch_is_made_of_the_lua_files():
    subprocess.run([GENERATOR, "--check"], check=True)


class Live:
    """An object and the actions on it, done as Argo CD does them: by a merge patch of what the script has changed."""

    def __init__(self, layout, ns, kind):
        self.layout, self.it = layout, situations.Declared(ns, kind)

    def press(self, name):
        before = self.it.ns.get(situations.NAME, self.it.short)
        assert discovered(self.layout, before)[name], f"{name} is greyed out"
        after = acted(self.layout, name, before)
        self.it.ns.kubectl("patch", self.it.short, situations.NAME, "--type=merge", "-p", json.dumps(self.difference(before, after)))

    @staticmethod
    def difference(before, after):
        changed = {}
        for name in before.keys() | after.keys():
            old, new = before.get(name), after.get(name)
            if isinstance(old, dict) and isinstance(new, dict):
                if inner := Live.difference(old, new):
                    changed[name] = inner
            elif old != new and (old or new):  # Lua does not tell an empty list from an empty map
                changed[name] = new
        return changed

    def until(self, **status):
        """Waits until the status, and the health, are like that."""
        def is_so(thing):
            shown = {"state": thing["status"]["state"], "run": thing["status"].get("run", {}).get("number"), "ended": has_ended(thing)}
            return status.items() <= shown.items()
        return self.it.wait(is_so)


@pytest.mark.parametrize("kind", situations.KINDS)
def test_actions_do_what_their_names_say(layout, ns, kind):
    live = Live(layout, ns, kind)
    live.it.apply(has_ended)
    live.press("rerun")
    live.until(run=2, state="Succeeded")
    live.it.annotate("coreflow.dev/run-requested-at-")
    live.it.patch(suspend=True)
    live.press("resume")
    assert "suspend" not in live.it.ns.get(situations.NAME, live.it.short)["spec"]


@pytest.mark.parametrize("kind", situations.KINDS)
def test_actions_on_a_run_that_goes_on(layout, ns, kind):
    live = Live(layout, ns, kind)
    situations.running(live.it)
    live.press("suspend")
    live.until(state="Suspended")
    live.press("resume")
    live.until(state="Running")
    live.press("stop-now")
    live.until(state="Stopped", ended=True)
    live.press("retry")
    again = live.until(run=2, state="Running")
    assert again["status"]["run"]["retryFrom"] == f"{situations.NAME}/1"
    live.press("stop")
    live.until(run=2, state="Stopping")
