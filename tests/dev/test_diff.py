"""`coreflow diff`: what it says of runs whose steps are processes, and that the documentation shows it."""
import json
import os
import re
import subprocess

from control_plane import environment
from harness import paths

TRAIN = """
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: etl}
spec:
  podCleanup: Never
  parameters: [{name: lr, default: "0.01"}]
  defaults: {image: busybox:1.36}
  steps:
  - name: load
    script: echo rows=300 >"$COREFLOW_OUTPUT"
    outputs: [{name: rows, type: Integer}]
  - name: train
    parameters: [{name: lr}, {name: rows, value: "$[[ steps.load.outputs.rows ]]"}]
    script: |
      echo "training on $PARAM_ROWS rows"
      %s
      echo "model=$PARAM_ROWS at $PARAM_LR" >"$COREFLOW_OUTPUT"
    outputs: [{name: model}]
"""
FAILS, WORKS = TRAIN % "exit 3", TRAIN % "sleep 4"


class User:
    """Who types commands, in a folder of their own."""

    def __init__(self, plane, ns, folder):
        self.plane, self.ns, self.folder = plane, ns, str(folder)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
            file.write(text)

    def coreflow(self, *arguments, code=0):
        """What it prints."""
        done = subprocess.run([paths.COREFLOW, *arguments, f"--kubeconfig={self.plane.folder}/kubeconfig", f"-n={self.ns.name}"], cwd=self.folder,
                              capture_output=True, text=True, check=False, timeout=60, env=environment(self.plane.folder))
        assert done.returncode == code, done.stderr
        return done.stdout


def masked(text):
    """What differs from machine to machine is left out; columns stay as wide as they are."""
    return re.sub(r"(?<=[ +-])\d+s\b", "<n>s", text)


def failed_and_fixed(user):
    """etl/1 fails, and etl/2 continues it with a spec that is mended."""
    user.write("etl.yaml", FAILS)
    user.coreflow("run", "etl.yaml", "--wait", code=3)
    user.write("fixed.yaml", WORKS)
    user.coreflow("retry", "etl", "--with", "fixed.yaml", "--wait")


def test_the_documentation_shows_what_diff_prints(plane, ns, tmp_path):
    user = User(plane, ns, tmp_path)
    failed_and_fixed(user)
    with open(os.path.join(paths.ROOT, "docs/fix-and-continue.md"), encoding="utf-8") as file:
        shown = re.search(r"```\n(\$ coreflow diff .*?)```", file.read(), re.DOTALL).group(1)
    commands = re.findall(r"^\$ coreflow (.*)$", shown, re.MULTILINE)
    printed = "".join(f"$ coreflow {command}\n{user.coreflow(*command.split())}" for command in commands)
    assert masked(printed) == masked(shown)


def test_what_programs_read(plane, ns, tmp_path):
    user = User(plane, ns, tmp_path)
    failed_and_fixed(user)
    user.coreflow("run", "etl", "-p", "lr=0.02", "--wait")
    found = json.loads(user.coreflow("diff", "etl", "--logs", "--exit-code", "-o", "json", code=1))
    assert found["parameters"] == [{"name": "lr", "before": "0.01", "after": "0.02"}]
    assert {"step": "train", "name": "model", "before": "300 at 0.01", "after": "300 at 0.02"} in found["outputs"]
    assert found["before"]["run"] == "etl/2" and found["after"]["run"] == "etl/3" and found["differs"]
    first = json.loads(user.coreflow("diff", "etl/1", "etl/3", "--logs", "--step", "train", "-o", "json"))
    assert [end["after"]["state"] for end in first["steps"] if end["step"] == "train"] == ["Succeeded"]
    assert first["logs"] == [{"step": "train", "diff": ""}]
    assert user.coreflow("diff", "etl/2", "etl/2", "--exit-code", code=2) == ""


def test_items_by_their_values_and_artifacts(plane, ns, tmp_path):
    user = User(plane, ns, tmp_path)
    with open(os.path.join(paths.EXAMPLES, "artifacts.yaml"), encoding="utf-8") as file:
        text = file.read()
    user.write("artifacts.yaml", text)
    user.write("edited.yaml", text.replace("chapter in 1 2 3", "chapter in 1 2 4").replace("['1', '2', '3']", "['4', '1', '2']"))
    user.coreflow("run", "artifacts.yaml", "--wait")
    user.coreflow("rerun", "artifacts", "--with", "edited.yaml", "--wait")
    found = json.loads(user.coreflow("diff", "artifacts", "-o", "json"))
    assert [(end["item"], "before" in end, "after" in end) for end in found["steps"]] == [("3", True, False), ("4", False, True)]
    assert [script["step"] for script in found["scripts"]] == ["write"]
    assert {"name": "lines", "before": 600, "after": 700} in found["outputs"]
    assert [(artifact["step"], artifact["name"]) for artifact in found["artifacts"]] == [("write", "book")]
