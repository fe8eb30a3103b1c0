"""What the tests with a fake API server take for granted holds on the real one: the same cases, tests/conformance."""
import os
import re
import subprocess

import pytest
from harness import paths
from harness.fence import policies

PROGRAM = os.path.join(paths.ROOT, "build/release/tests/conformance/conformance_real_test")


@pytest.fixture
def fenced(cluster, operator_process):
    operator_process.stop()  # the cases write what an operator writes
    cluster.forget_the_past()
    with policies(cluster.kubectl, "kube-system"):
        # A pod with CoreFlow's labels is made by CoreFlow's account only; here others make them.
        cluster.kubectl("delete", "validatingadmissionpolicybinding", "coreflow-pods")
        yield


def test_the_real_api_server_keeps_the_rules_that_the_fake_keeps(fenced, cluster):
    proxy = subprocess.Popen([*cluster.kubectl.command, "proxy", "--port=0"],
                             stdout=subprocess.PIPE, text=True)
    try:
        address = re.search(r"127\.0\.0\.1:\d+", proxy.stdout.readline()).group()
        done = subprocess.run([PROGRAM, "--gtest_brief=1"], env={**os.environ, "COREFLOW_CONFORMANCE_URL": f"http://{address}"},
                              capture_output=True, text=True, timeout=500, check=False)
    finally:
        proxy.terminate()
        proxy.wait()
    assert done.returncode == 0, done.stdout[-20000:]
