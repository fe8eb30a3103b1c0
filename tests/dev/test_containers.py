"""Steps as containers of their images, with the real podman: `--runner=podman`."""
import os
import subprocess
import time

import pytest
from control_plane import ControlPlane, environment
from harness import paths

PREPARE = os.path.join(paths.ROOT, "tests/podman/prepare")
IMAGE = "localhost/coreflow-test:1"

HELLO = f"""
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {{name: hello}}
spec:
  steps:
  - name: list
    image: {IMAGE}
    script: ls / | head -n 1; echo count=3 >"$COREFLOW_OUTPUT"
    outputs: [{{name: count, type: Integer}}]
  - name: add
    image: {IMAGE}
    args: [sh, -c, "echo $((1 + $[[ steps.list.outputs.count ]])) $WORD"]
"""

# Says all the time that it lives, by its pod's name, until it is told to end.
HOLDS = f"""
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {{name: holds}}
spec:
  podCleanup: Never
  defaults: {{pod: {{volumes: [{{name: ledger, hostPath: {{path: FOLDER}}}}]}}}}
  steps:
  - name: hold
    image: {IMAGE}
    volumeMounts: [{{name: ledger, mountPath: /ledger}}]
    retryPolicy: {{infrastructureLimit: 10, backoffSeconds: 1}}
    script: |
      echo "start $HOSTNAME" >>/ledger/lines
      until [ -e /ledger/gate ]; do sleep 0.02; echo "alive $HOSTNAME" >>/ledger/lines; done
"""


@pytest.fixture(name="podman", scope="session")
def fixture_podman(tmp_path_factory):
    """The variables that make podman one of its own."""
    folder = str(tmp_path_factory.mktemp("podman") / "podman")
    said = subprocess.run([PREPARE, folder], capture_output=True, text=True, check=False)
    assert said.returncode == 0, f"{said.stderr}; run hack/install-deps.sh test"
    yield dict(line.split("=", 1) for line in said.stdout.splitlines())
    subprocess.run([PREPARE, "--remove", folder], check=True)


def run(home, *arguments, stdin="", **variables):
    return subprocess.run([paths.COREFLOW, "run", "-", "--local", *arguments], input=stdin, capture_output=True, text=True, timeout=120,
                          check=False, env=environment(home, **variables))


def containers(variables):
    listed = subprocess.run(["podman", "ps", "--all", "--quiet"], capture_output=True, text=True, check=True, env=environment("/", **variables))
    return listed.stdout.split()


def pods_of(ledger):
    """Which pods have started, one after another. None lives on when the next one has started."""
    started = []
    if (ledger / "lines").exists():
        for line in (ledger / "lines").read_text().splitlines():
            what, pod = line.split()
            if what == "start":
                started.append(pod)
            assert pod == started[-1], f"{pod} lives beside {started[-1]}"
    return started


def until(claim, what):
    deadline = time.monotonic() + 60
    while not claim():
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.05)


def test_steps_run_in_their_images(tmp_path, podman):
    done = run(tmp_path, "--runner=podman", "--logs", stdin=HELLO, **podman)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "bin\n" in done.stdout and "4 image\n" in done.stdout, done.stdout + done.stderr
    assert "ignored" not in done.stderr
    assert os.listdir(tmp_path) == [] and containers(podman) == [], "it left something behind"


def test_what_is_left_after_kill_9_goes_before_anything_starts(tmp_path, podman):
    ledger = tmp_path / "ledger"
    ledger.mkdir()
    plane = ControlPlane(tmp_path / "data", "--runner=podman", f"--allow-host-path={ledger}", variables=podman)
    plane.start()
    plane.kubectl("create", "-f", "-", stdin=HOLDS.replace("FOLDER", str(ledger)))
    for starts in (1, 2):
        until(lambda starts=starts: len(pods_of(ledger)) == starts, f"start {starts}")
        plane.kill9()
        assert len(containers(podman)) == 1, "the container should have outlived the control plane"
        plane.start()
    until(lambda: len(pods_of(ledger)) == 3, "start 3")
    (ledger / "gate").touch()
    plane.kubectl("wait", "cfw/holds", "--for=condition=Succeeded", "--timeout=60s")
    assert len(set(pods_of(ledger))) == 3, "one attempt has started twice"
    assert plane.stop() == 0
    assert containers(podman) == []


def test_why_a_step_waits_for_its_image_is_told(tmp_path, podman):
    plane = ControlPlane(tmp_path / "data", "--runner=podman", "--ephemeral", variables=podman)
    plane.start()
    plane.kubectl("create", "-f", "-", stdin=HELLO.replace(IMAGE, "registry.invalid/x:1"))
    until(lambda: "ImagePull" in plane.kubectl("get", "pods"), "ErrImagePull")
    until(lambda: "ImagePullError" in plane.kubectl("get", "cfw/hello", "-o", "yaml"), "the run's reason")
    plane.kubectl("delete", "cfw/hello")
    assert plane.stop() == 0


def test_without_the_tool_it_says_what_to_do(tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    for tool in ("podman", "docker"):
        done = run(tmp_path, f"--runner={tool}", stdin=HELLO, PATH=str(empty))
        assert done.returncode != 0
        assert f"{tool} is not on the PATH; install it, or use --runner=process" in done.stderr, done.stderr


def test_flags_that_contradict_each_other(tmp_path):
    for tool in ("podman", "docker"):
        done = run(tmp_path, f"--runner={tool}", "--image-map=x=/", stdin=HELLO)
        assert done.returncode != 0 and "--image-map is for --runner=process" in done.stderr, done.stderr
