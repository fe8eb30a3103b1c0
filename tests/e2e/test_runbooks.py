"""The commands of docs/runbooks, as somebody who is woken by an alert types them, with an install of the chart."""
import glob
import os
import re

import pytest
from harness import namespace, paths
from harness.namespace import condition
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


def run(shell, command):
    """What it prints. A command that is wrong says so on stderr."""
    # grep finds nothing on a good day, and diff a difference on a bad one.
    done = shell.done(command, allowed=(0, 1) if re.search(r"\| grep|kubectl diff", command) else (0,))
    assert not re.search(r"^error|unknown flag", done.stderr, re.M | re.I), f"$ {command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def team_a(cluster):
    yield namespace.make(cluster.kubectl, "team-a")
    cluster.kubectl("delete", "namespace", "team-a", "--wait=false")


def alarming(ns):
    """The runs that the pages suppose, anew."""
    ns.kubectl("delete", "configmap/settings", "cfw/nightly", "cfj/lost", "--ignore-not-found")
    ns.apply(RUNS)
    ns.end("lost", "Failed", kind="cfj")
    ns.wait("nightly", lambda nightly: condition(nightly).get("reason") == "Misconfigured", what="nightly is misconfigured")


@pytest.mark.own_cluster
def test_every_command_of_the_runbooks_works_and_finds_the_cause(release, shell, team_a):  # noqa: F811
    release(SYSTEM)
    said = {}
    for page in PAGES:
        alarming(team_a)
        said[os.path.basename(page)] = "".join(run(shell, command) for command in commands(page))
    assert re.search(r"team-a +workflow.*nightly.*Misconfigured", said["CoreFlowStepsMisconfigured.md"])
    assert 'configmap "settings" not found' in said["CoreFlowStepsMisconfigured.md"]
    assert "holderIdentity" in said["CoreFlowNoLeader.md"] and "ok" in said["CoreFlowDown.md"]
    assert "validatingadmissionpolicy" in said["CoreFlowFenceMissing.md"]
