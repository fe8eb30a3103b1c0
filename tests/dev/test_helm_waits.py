"""helm --wait with a chart that holds Workflows: Helm 4 waits for the end of the run, Helm 3 knows nothing of it."""
import os
import subprocess

import pytest
from control_plane import environment
from harness import paths
from test_helm import CHART

FAILS = 'words="; exit 3; "'


@pytest.fixture(name="helm")
def fixture_helm(plane, ns, tmp_path):
    """Runs one of the two programs in the test's namespace."""
    variables = {**environment(tmp_path), "KUBECONFIG": os.path.join(plane.folder, "kubeconfig"), "HELM_NAMESPACE": ns.name}

    def run(module, *arguments):
        programs = subprocess.run([paths.PROGRAMS, module], capture_output=True, text=True, check=True).stdout.strip()
        return subprocess.run([os.path.join(programs, module), *arguments], capture_output=True, text=True, timeout=120, check=False,
                              env=variables)
    return run


def test_helm_4_returns_when_the_run_has_succeeded(helm, ns):
    done = helm("helm4", "install", "mine", CHART, "--wait", "--timeout=60s")
    assert done.returncode == 0, done.stderr
    assert ns.get("mine-say")["status"]["state"] == ns.get("mine-count", "cfj")["status"]["state"] == "Succeeded"


def test_helm_4_fails_with_the_run(helm, ns):
    done = helm("helm4", "install", "mine", CHART, "--wait", "--timeout=60s", "--set-string", FAILS)
    assert done.returncode != 0 and "mine-say" in done.stderr, done.stderr
    assert ns.get("mine-say")["status"]["state"] == "Failed"


def test_helm_3_does_not_look_at_the_run(helm, ns):
    done = helm("helm", "install", "mine", CHART, "--wait", "--timeout=60s", "--set-string", FAILS)
    assert done.returncode == 0, done.stderr
    ns.end("mine-say", "Failed")
