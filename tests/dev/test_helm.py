"""A chart with Workflows, with the real helm and the embedded control plane: what it prints is in transcripts/helm.txt."""
import os
import re
import subprocess

import pytest
from control_plane import environment
from harness import paths
from transcript import Transcript

CHART = os.path.join(os.path.dirname(__file__), "chart")


@pytest.fixture(scope="session", name="program")
def fixture_program():
    programs = subprocess.run([paths.PROGRAMS, "helm"], capture_output=True, text=True, check=True).stdout.strip()
    return os.path.join(programs, "helm")


class Session:
    """Types commands of helm and kubectl in one namespace; what they print goes to a transcript, also when they fail."""

    def __init__(self, program, ns, kubeconfig, home):
        self.program, self.ns = program, ns
        self.environment = {**environment(home), "KUBECONFIG": kubeconfig, "HELM_NAMESPACE": ns.name}
        self.transcript = Transcript("helm", [(ns.name, "<namespace>")])

    def run(self, *arguments):
        """What helm prints."""
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True, timeout=120, check=False, env=self.environment)
        return done.stdout + done.stderr

    def helm(self, *arguments):
        self.transcript.add("helm " + " ".join(arguments).replace(CHART, "chart"), self.run(*arguments))

    def kubectl(self, *arguments):
        self.transcript.add("kubectl " + " ".join(arguments), self.ns.kubectl(*arguments))

    def until_run(self, number):
        """Waits for the end of that run of the Workflow."""
        for path in (f"{{.status.run.number}}={number}", "{.status.state}=Succeeded"):
            self.ns.kubectl("wait", "cfw/mine-say", f"--for=jsonpath={path}", "--timeout=60s")


def test_a_release_from_install_to_uninstall(program, plane, ns, tmp_path):
    session = Session(program, ns, os.path.join(plane.folder, "kubeconfig"), tmp_path)
    session.helm("install", "mine", CHART)
    session.until_run(1)
    session.kubectl("wait", "cfj/mine-count", "--for=condition=Succeeded", "--timeout=60s")
    session.helm("list")
    session.helm("status", "mine")
    resources = session.run("status", "mine", "--show-resources")  # its tables are in any order
    assert re.search("^mine-say +Succeeded +1/1", resources, re.M) and re.search("^mine-count +Succeeded +2/2", resources, re.M)
    session.kubectl("get", "cfw,cfj")
    session.helm("upgrade", "mine", CHART)
    session.kubectl("get", "cfw", "-o", "jsonpath=run {.items[*].status.run.number}: the upgrade changed nothing\n")
    session.helm("upgrade", "mine", CHART, "--set", "words=two")
    session.until_run(2)
    session.helm("rollback", "mine", "1")
    session.until_run(3)
    session.helm("history", "mine")
    session.helm("get", "values", "mine", "--revision", "3")
    session.helm("install", "mine", CHART)
    session.helm("uninstall", "mine")
    session.helm("list")
    session.kubectl("get", "cfw,cfj", "--ignore-not-found")
    session.transcript.compare()
