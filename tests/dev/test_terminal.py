"""`coreflow watch` in a terminal: narrow, wide, resized, left with Ctrl-C."""
import os
import re
import subprocess

import pytest
from control_plane import environment
from harness import paths
from terminal import Terminal

LONG = "a-step-of-which-40-columns-show-a-part"
GATED = f"""
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {{name: gated}}
spec:
  defaults: {{image: busybox}}
  steps:
  - {{name: first, command: ["true"]}}
  - {{name: {LONG}, command: [sh, -c, "until [ -e GATE ]; do sleep 0.05; done"], dependsOn: [first]}}
  - {{name: last, command: ["true"], dependsOn: [{LONG}]}}
"""


@pytest.fixture
def gate(tmp_path):
    return tmp_path / "gate"


@pytest.fixture
def watch(plane, ns, gate, tmp_path):
    """Starts the gated run, and a `coreflow watch` of it in a terminal so wide."""
    ns.kubectl("create", "-f", "-", stdin=GATED.replace("GATE", str(gate)))
    kubeconfig = os.path.join(plane.folder, "kubeconfig")
    opened = []

    def start(columns, *options, color=False, **variables):
        variables = variables if color else {"NO_COLOR": "1", **variables}
        command = [paths.COREFLOW, "watch", "gated", "-n", ns.name, f"--kubeconfig={kubeconfig}", *options]
        opened.append(Terminal(command, {**environment(tmp_path), **variables}, columns))
        return opened[-1]

    yield start
    gate.touch()
    for terminal in opened:
        terminal.close()


def widest(lines):
    return max(len(line) for line in lines)


def test_a_narrow_one_is_not_overrun(watch, gate):
    terminal = watch(40)
    terminal.until("● a-step-of")
    gate.touch()
    terminal.until("Succeeded  3/3")
    frames = "\n".join(terminal.lines()).split("\n\n")[0].split("\n")
    assert widest(frames) < 40, frames
    assert terminal.end() == 0


def test_a_wide_one_shows_whole_names(watch, gate):
    terminal = watch(160)
    terminal.until(f"waits for 1 of 1: {LONG}")
    gate.touch()
    assert terminal.end() == 0


def test_after_a_change_of_size_it_is_drawn_for_the_new_one(watch, gate):
    terminal = watch(160)
    terminal.until(f"waits for 1 of 1: {LONG}")
    terminal.resize(40)
    drawn = terminal.until("last  .*Dependenci…").start()
    start = terminal.shown.rindex("gated  Running", 0, drawn)
    assert widest(terminal.lines(start)) < 40
    terminal.resize(160)
    terminal.until(f"waits for 1 of 1: {LONG}", after=drawn)
    gate.touch()
    assert terminal.end() == 0


def test_ctrl_c_detaches_and_says_how_to_come_back(watch, gate, ns, plane):
    terminal = watch(160)
    terminal.until("● a-step-of")
    terminal.type("\x03")
    assert terminal.end() == 130
    back = re.search(r"workflow.coreflow.dev/gated is still Running, [^:]*: coreflow (watch gated [^\r\n]*)",
                     terminal.shown)
    assert back, terminal.shown
    gate.touch()
    done = subprocess.run([paths.COREFLOW, *back.group(1).split()], capture_output=True, text=True, timeout=60, check=False,
                          env=environment(plane.folder))
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("workflow.coreflow.dev/gated Succeeded\n")


COLORED = [((), {}), (("--color=always",), {"NO_COLOR": "1"}), (("--color=auto",), {"CLICOLOR_FORCE": "1"})]
PLAIN = [((), {"NO_COLOR": "1"}), ((), {"TERM": "dumb"}), (("--color=never",), {"CLICOLOR_FORCE": "1"})]


def codes(terminal):
    """The last letters of what is no text: m of colours, the others move the cursor."""
    return {part.lstrip("0123456789;")[:1] for part in terminal.shown.split("\x1b[")[1:]}


@pytest.mark.parametrize("options, variables", COLORED)
def test_colors(watch, gate, options, variables):
    terminal = watch(40, *options, color=True, **variables)
    terminal.until(r"\x1b\[36mRunning\x1b\[0m")
    gate.touch()
    terminal.until(r"gated  \x1b\[32mSucceeded\x1b\[0m  3/3")
    assert terminal.end() == 0
    frames = "\n".join(terminal.lines()).split("\n\n")[0].split("\n")
    assert widest(frames) < 40 and "✓ first" in "\n".join(frames), frames


@pytest.mark.parametrize("options, variables", PLAIN)
def test_no_color(watch, gate, options, variables):
    terminal = watch(80, *options, color=True, **variables)
    terminal.until("a-step-of.*Running")
    gate.touch()
    assert terminal.end() == 0
    assert "m" not in codes(terminal), terminal.shown
    assert "TERM" not in variables or not codes(terminal), "a dumb terminal knows no cursor"


@pytest.mark.parametrize("options, variables, want", [((), {}, False), ((), {"CLICOLOR_FORCE": "1"}, True),
                                                      (("--color=always",), {}, True)])
def test_list_in_a_pipe(watch, gate, ns, plane, tmp_path, options, variables, want):
    gate.touch()
    command = [paths.COREFLOW, "list", "-n", ns.name, f"--kubeconfig={plane.folder}/kubeconfig", *options]
    ns.kubectl("wait", "cfw/gated", "--for=condition=Succeeded", "--timeout=60s")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env={**environment(tmp_path), **variables})
    word = "\x1b[32mSucceeded\x1b[0m" if want else "Succeeded"
    assert f"  {word}   3/3  " in done.stdout, done.stdout


def test_without_a_terminal_each_change_is_a_line(watch, gate, ns, plane, tmp_path):
    gate.touch()
    command = [paths.COREFLOW, "watch", "gated", "-n", ns.name, f"--kubeconfig={plane.folder}/kubeconfig"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False,
                          env={**environment(tmp_path), "TERM": "xterm"})
    assert done.returncode == 0 and "\x1b" not in done.stdout, done.stdout
    assert done.stdout.endswith("run gated Succeeded\n\nworkflow.coreflow.dev/gated Succeeded\n"), done.stdout
