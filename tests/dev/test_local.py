"""`coreflow run --local`: a control plane for one command."""
import fcntl
import os
import signal
import subprocess

import pytest
from control_plane import environment, unblocked
from harness import paths
from transcript import Transcript

DIAMOND = os.path.join(paths.EXAMPLES, "diamond.yaml")
# Holds a lock for as long as it lives, through what it has started too.
HOLDS = """
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {{name: holds}}
spec:
  steps:
  - {{name: hold, image: "busybox:1.36", command: [sh, -c, "exec 9>>{lock}; flock 9; trap '' TERM; echo held; sleep 600 & sleep 600"]}}
"""


def coreflow(home, *arguments, stdin=""):
    return subprocess.run([paths.COREFLOW, *arguments], input=stdin, capture_output=True, text=True, timeout=120, check=False,
                          cwd=paths.ROOT, env=environment(home))


def test_it_follows_the_run_to_its_end(tmp_path):
    done = coreflow(tmp_path, "run", "docs/examples/hello.yaml", "--local", "--progress=none")
    assert done.returncode == 0, done.stderr
    transcript = Transcript("local", [(str(tmp_path), "<folder>")])
    transcript.add("coreflow run docs/examples/hello.yaml --local --progress=none", done.stdout)
    transcript.compare()
    assert os.listdir(tmp_path) == [], "it left something behind"


def test_the_exit_code_is_that_of_the_run(tmp_path):
    with open(DIAMOND, encoding="utf-8") as file:
        text = file.read()
    assert coreflow(tmp_path, "run", "-", "--local", stdin=text).returncode == 0
    bad = "apiVersion: coreflow.dev/v1alpha1\nkind: Workflow\nmetadata: {name: bad}\nspec: {steps: [{name: a, image: x, command: ['false']}]}\n"
    failed = coreflow(tmp_path, "run", "-", "--local", stdin=bad)
    assert failed.returncode not in (0, 2), failed.stdout + failed.stderr
    assert "Failed" in failed.stdout + failed.stderr


def test_the_log_of_a_very_short_step_is_not_lost(tmp_path):
    step = "{name: s%d, image: x, command: [echo, said by %d]}"
    steps = ", ".join(step % (number, number) for number in range(20))
    text = "apiVersion: coreflow.dev/v1alpha1\nkind: Workflow\nmetadata: {name: short}\nspec: {steps: [" + steps + "]}\n"
    done = coreflow(tmp_path, "run", "-", "--local", "--logs", stdin=text)
    assert done.returncode == 0, done.stderr
    said = [number for number in range(20) if f"said by {number}\n" in done.stdout]
    assert said == list(range(20)), done.stdout + done.stderr


def test_a_run_that_takes_too_long_ends_with_the_command(tmp_path):
    text = ("apiVersion: coreflow.dev/v1alpha1\nkind: Workflow\nmetadata: {name: long}\n"
            "spec: {steps: [{name: a, image: x, command: [sleep, '60']}]}\n")
    given_up = coreflow(tmp_path, "run", "-", "--local", "--wait", "--timeout=1s", stdin=text)
    assert given_up.stderr.endswith("done: it ends with this command\n"), given_up.stderr
    assert "watch" not in given_up.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_its_end_is_the_end_of_its_steps(tmp_path, how):
    lock = tmp_path / "lock"
    home = tmp_path / "home"
    home.mkdir()
    command = [paths.COREFLOW, "run", "-", "--local", "--logs"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env=environment(home), preexec_fn=unblocked) as process:
        process.stdin.write(HOLDS.format(lock=lock))
        process.stdin.close()
        said = ""
        while "held" not in said:
            line = process.stdout.readline()
            assert line, f"it ended by itself: {said}"
            said += line
        process.send_signal(how)
        process.stdout.read()
        process.wait(30)
    with open(lock, "a", encoding="utf-8") as file:
        # After kill -9 it is the kernel that ends them, a moment later; otherwise they have ended before it has.
        signal.alarm(20)
        fcntl.flock(file, fcntl.LOCK_EX | (0 if how == signal.SIGKILL else fcntl.LOCK_NB))
        signal.alarm(0)
    assert how == signal.SIGKILL or os.listdir(home) == [], "it left something behind"


def test_an_image_map_is_checked_before_anything_starts(tmp_path):
    refused = coreflow(tmp_path, "run", "docs/examples/hello.yaml", "--local", "--image-map", f"busybox:*={tmp_path}/missing")
    assert refused.returncode != 0 and f'"{tmp_path}/missing" is no folder' in refused.stderr, refused.stderr
    assert refused.stdout == "" and os.listdir(tmp_path) == []


def test_it_says_that_an_image_is_ignored(tmp_path):
    done = coreflow(tmp_path, "run", DIAMOND, "--local", "--wait")
    assert done.stderr.count("is ignored: its containers run with this machine's files\n") == 1, done.stderr


def test_simulated_steps_run_nowhere(tmp_path):
    text = ("apiVersion: coreflow.dev/v1alpha1\nkind: Workflow\nmetadata: {name: nowhere}\nspec:\n  steps:\n"
            f"  - {{name: a, image: x, command: [touch, {tmp_path}/ran], outputs: [{{name: count, type: Integer}}]}}\n"
            "  outputs: [{name: count, value: steps.a.outputs.count}]\n")
    command = ["run", "-", "--local", "--logs", "--runner=simulate"]
    done = coreflow(tmp_path, *command, "--failure-rate=0", stdin=text)
    assert done.returncode == 0 and "simulated: no program has run" in done.stdout, done.stdout + done.stderr
    assert coreflow(tmp_path, *command, "--failure-rate=100", stdin=text).returncode not in (0, 2)
    assert os.listdir(tmp_path) == []
