"""The command `coreflow` on a real cluster: a run that fails, is mended and goes on."""
import os
import subprocess

import pytest
from harness import paths


def example(name):
    return os.path.join(paths.EXAMPLES, name)


@pytest.fixture
def coreflow(operator, cluster, ns):
    """Runs the command in the test's namespace; what it prints."""
    def run(*words, code=0):
        done = subprocess.run([paths.COREFLOW, *words, "--namespace", ns.name, "--kubeconfig", cluster.kubeconfig],
                              capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout
    return run


def test_a_failed_run_is_mended_and_goes_on(coreflow):
    assert "Failed (StepFailed)" in coreflow("run", example("etl-broken.yaml"), "--wait", code=3)
    assert coreflow("logs", "etl", "transform") == "a tax of 0: is the rate missing?\n"
    assert "step transform is Failed: exit code 1 (CommandFailed)" in coreflow("why", "etl")
    mended = ["retry", "etl", "--with", example("etl-fixed.yaml")]
    plan = coreflow(*mended, "--dry-run")
    assert plan.startswith("etl: 3 reused from etl/1, 2 to run\n") and "script changed" in plan
    assert coreflow(*mended, "--wait").endswith("Succeeded\n")
    assert coreflow("get", "etl", "-o", "jsonpath={.status.run.reused} {.status.outputs[0].value}") == "3 5500"
    difference = coreflow("diff", "etl")
    assert difference.startswith("etl/2 differs from etl/1: the script of transform; it succeeded where etl/1 failed"), difference
