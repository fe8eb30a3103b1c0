"""The commands of docs/runbooks, as somebody who is woken by an alert types them, with an install of the chart."""
import glob
import os
import re
import shutil
import subprocess

import pytest
from harness import paths
from harness.kubectl import Kubectl
from harness.namespace import Namespace, condition
from test_chart import SYSTEM, image, release  # noqa: F401

PAGES = sorted(glob.glob(os.path.join(paths.ROOT, "docs/runbooks/CoreFlow*.md")))
# What the pages suppose: a workflow that lacks a ConfigMap, and a job whose pod was lost.
RUNS = """
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: nightly}
spec:
  steps:
  - name: load
    image: busybox:1.36
    command: ["true"]
    env: [{name: GREETING, valueFrom: {configMapKeyRef: {name: settings, key: greeting}}}]
---
apiVersion: coreflow.dev/v1alpha1
kind: Job
metadata: {name: lost}
spec:
  template: {image: "busybox:1.36", command: ["false"]}
"""


def commands(page):
    """Those of its sh blocks, the lines of each as one."""
    with open(page, encoding="utf-8") as text:
        for block in re.findall(r"^```sh\n(.*?)^```", text.read(), re.M | re.S):
            yield from block.replace("\\\n", " ").replace("coreflow-system", SYSTEM).splitlines()


@pytest.fixture
def shell(cluster, tmp_path):
    """Runs a command with kubectl, helm and coreflow of this tree; what it prints. A command that is wrong says so on stderr."""
    programs = subprocess.run([paths.PROGRAMS], capture_output=True, text=True, check=True).stdout.strip()
    for name, program in (("coreflow", paths.COREFLOW), ("kubectl", f"{programs}/kubectl"), ("helm", f"{programs}/helm")):
        os.symlink(program, tmp_path / name)
    config = shutil.copy(cluster.kubeconfig, tmp_path / "kubeconfig")
    variables = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "HOME": str(tmp_path), "KUBECONFIG": str(config)}

    def run(command):
        done = subprocess.run(["bash", "-c", command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=180, check=False,
                              env=variables)
        # grep finds nothing on a good day, and diff a difference on a bad one.
        allowed = (0, 1) if re.search(r"\| grep|kubectl diff", command) else (0,)
        said = f"$ {command}\n{done.stdout}{done.stderr}"
        assert done.returncode in allowed and not re.search(r"^error|unknown flag", done.stderr, re.M | re.I), said
        return done.stdout
    return run


@pytest.fixture
def team_a(cluster):
    cluster.kubectl("create", "namespace", "team-a")
    made = Namespace(Kubectl(cluster.kubectl.program, cluster.kubeconfig), "team-a")
    made.kubectl("wait", "--for=create", "--timeout=60s", "serviceaccount/default")
    yield made
    cluster.kubectl("delete", "namespace", "team-a", "--wait=false")


def alarming(namespace):
    """The runs that the pages suppose, anew."""
    namespace.kubectl("delete", "configmap/settings", "cfw/nightly", "cfj/lost", "--ignore-not-found")
    namespace.apply(RUNS)
    namespace.end("lost", "Failed", kind="cfj")
    namespace.wait("nightly", lambda nightly: condition(nightly).get("reason") == "Misconfigured", what="nightly is misconfigured")


@pytest.mark.own_cluster
def test_every_command_of_the_runbooks_works_and_finds_the_cause(release, shell, team_a):  # noqa: F811
    release(SYSTEM)
    said = {}
    for page in PAGES:
        alarming(team_a)
        said[os.path.basename(page)] = "".join(map(shell, commands(page)))
    assert re.search(r"team-a +workflow.*nightly.*Misconfigured", said["CoreFlowStepsMisconfigured.md"])
    assert 'configmap "settings" not found' in said["CoreFlowStepsMisconfigured.md"]
    assert "holderIdentity" in said["CoreFlowNoLeader.md"] and "ok" in said["CoreFlowDown.md"]
    assert "validatingadmissionpolicy" in said["CoreFlowFenceMissing.md"]
