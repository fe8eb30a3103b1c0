"""The step cache of the embedded control plane."""
import os
import re
import subprocess
from pathlib import Path

from control_plane import ControlPlane, environment, make_namespace
from harness import paths, step_cache
from harness.namespace import Namespace


def coreflow(plane, ns, *arguments):
    """What it prints."""
    done = subprocess.run([paths.COREFLOW, *arguments, f"--kubeconfig={plane.folder}/kubeconfig", f"-n={ns.name}"], cwd=paths.ROOT,
                          capture_output=True, text=True, check=False, timeout=60, env=environment(plane.folder))
    assert done.returncode == 0, done.stderr
    return done.stdout


def explain(plane, ns, *arguments):
    return [line.split(maxsplit=4) for line in coreflow(plane, ns, "cache", "explain", *arguments).splitlines()]


def masked(text):
    """What differs from machine to machine is left out."""
    return re.sub(r"\b\d+ s\b", "<n> s", re.sub(r"v1:[0-9a-f]{12}", "v1:<key>", text))


def test_the_documentation_shows_what_it_prints(plane, ns):
    with open(os.path.join(paths.ROOT, "docs/step-cache.md"), encoding="utf-8") as file:
        shown = re.search(r"```\n(\$ .*?)```", file.read(), re.DOTALL).group(1)
    commands = re.findall(r"^\$ coreflow (.*)$", shown, re.MULTILINE)
    printed = "".join(f"$ coreflow {command}\n{coreflow(plane, ns, *command.split())}" for command in commands)
    assert masked(printed) == masked(shown)


def test_a_result_is_taken_from_another_workflow(plane, ns):
    step_cache.check_that_a_result_is_taken(ns)
    heading, load, train = explain(plane, ns, "first")
    assert heading == ["STEP", "ITEM", "CACHE", "KEY", "WHY"]
    assert load[:3] == ["load", "-", "Hit"] and load[4].startswith("computed by first/1 in ")
    assert train[:3] == ["train", "-", "Miss"] and train[4] == "parameter rate 0.1 → 0.2"


def test_equal_items_at_once_run_once(ns):
    step_cache.check_that_equal_items_run_once(ns)


def test_a_step_that_reads_what_is_not_known_runs(ns):
    step_cache.check_what_cant_be_cached(ns)


def test_what_secrets_and_config_maps_have_is_part_of_the_key(plane, ns):
    step_cache.check_contents(ns)
    use = next(row for row in explain(plane, ns, "first") if row[0] == "use")
    assert use[2:3] == ["Miss"] and use[4] == "content of key password of Secret db changed"


def test_what_changes_while_a_step_runs_is_not_kept(ns):
    step_cache.check_what_changes_meanwhile(ns)


def test_results_outlive_the_control_plane(tmp_path):
    plane = ControlPlane(tmp_path / "data")
    plane.start()
    make_namespace(plane.kubectl, "outlives")
    ns = Namespace(plane.kubectl, "outlives")
    step_cache.learn(ns)
    ns.run(step_cache.train("before", "0.1"))
    assert plane.stop() == 0
    plane.start()
    ns = Namespace(plane.kubectl, "outlives")
    assert step_cache.decisions(ns, ns.run(step_cache.train("after", "0.1"))) == {"load": "Hit", "train": "Hit"}
    assert plane.stop() == 0


def test_a_damaged_result_is_a_miss(plane, ns):
    step_cache.learn(ns)
    ns.run(step_cache.train("before", "0.1"))
    entries = [*Path(plane.folder, "store/entries", ns.name, "results").iterdir()]
    assert entries
    for entry in entries:
        entry.write_text('{"format": 1, "outputs": {"rows": 1}}')
    after = ns.run(step_cache.train("after", "0.1"))
    assert step_cache.decisions(ns, after) == {"load": "Miss", "train": "Miss"}
    assert "damaged" in ns.items(after)["load"]["cache"]["because"]
