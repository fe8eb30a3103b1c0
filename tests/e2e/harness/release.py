"""Releases of the chart, and the operator's image for them."""
import atexit
import fcntl
import functools
import os
import shutil
import subprocess
import tempfile

from harness import chart, paths
from harness.flows import two_steps
from harness.kubectl import Kubectl

IMAGE = "coreflow.dev/coreflow/operator"
OPERATORS = "app.kubernetes.io/component=operator"


@functools.cache
def packed():
    """The archive of the operator's image, made once in a run of the tests; and the name in it."""
    archive = os.path.join(tempfile.mkdtemp(prefix="coreflow-image-"), "image.tar")
    atexit.register(shutil.rmtree, os.path.dirname(archive))
    with open(os.path.join(paths.ROOT, "build/image.lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests that run beside these make it at the same place
        made = subprocess.run([os.path.join(paths.ROOT, "hack/ci/image")], capture_output=True, text=True, check=True, cwd=paths.ROOT)
        shutil.copy(os.path.join(paths.ROOT, made.stdout.strip()), archive)
    with open(os.path.join(paths.ROOT, "VERSION"), encoding="utf-8") as version:
        return archive, f"{IMAGE}:{version.read().strip()}"


def load_image(cluster):
    """The operator's image, as the chart names it and as that of the version `next`, on the node."""
    archive, name = packed()
    cluster.tool("load-image", archive)
    cluster.tool("exec", "--", "ctr", "--namespace=k8s.io", "images", "tag", "--force", name, f"{IMAGE}:next")


def documented(cluster, verb, namespace, *more, program="helm", patience=180):
    """What helm prints when it does what the documentation says, in another namespace, within so many seconds."""
    words = [namespace if word == "coreflow-system" else word for word in chart.documented(f"helm {verb}")]
    return chart.helm(*verb.split(), *words, *more, "--kubeconfig", cluster.kubeconfig, f"--timeout={patience}s", program=program)


class Release:
    """One release of the chart; `kubectl` in its namespace."""

    def __init__(self, cluster, namespace, *values, program="helm", patience=180):
        self._values = [word for value in values for word in ("--set", value)]
        self._force = ["--force-conflicts"] if program == "helm4" else []  # it applies on the server, where fields have owners
        self.said = ""  # by its install
        self.helm = lambda verb, *more: documented(cluster, f"{verb} coreflow", namespace, *more, program=program, patience=patience)
        self.kubectl = Kubectl(cluster.kubectl.program, cluster.kubeconfig, namespace)

    def install(self, *more):
        self.said = self.helm("install", *self._values, *more, *self._force)

    def test(self):
        assert "Phase:          Succeeded" in self.helm("test")
        self.has_no_test()

    def has_no_test(self):
        left = self.kubectl("get", "workflows,jobs.batch,serviceaccounts,roles,rolebindings", "--ignore-not-found",
                            "--selector=app.kubernetes.io/component=test", "-o", "name")
        assert left == "", f"the test left {left}"

    def upgrade(self, *values):
        self.helm("upgrade", *self._values, *(word for value in values for word in ("--set", value)))

    def rollback(self):
        self.helm("rollback")

    def uninstall(self):
        self.helm("uninstall", "--ignore-not-found")

    def log(self):
        return self.kubectl("logs", "deployment/coreflow-operator", "--all-pods", "--tail=-1")

    def pods(self):
        """The operator's that are to stay."""
        return [pod for pod in self.kubectl.items("pods", "--selector", OPERATORS) if "deletionTimestamp" not in pod["metadata"]]

    def images(self):
        return {pod["spec"]["containers"][0]["image"] for pod in self.pods()}


def held(name):
    """Its first step ends when /tmp/go is there, and not before who made that has ended: it would take him along."""
    return two_steps(name, "until test -e /tmp/go && ! pidof touch; do sleep 0.1; done")


def held_over(ns, name, change):
    """Runs a workflow, and calls `change` while its first step runs: none of its attempts is lost or made twice."""
    ns.apply(held(name))
    pod = ns.running_pod()
    change()
    let_go(ns, pod)
    assert ns.attempts(ns.end(name)) == {"first": 1, "second": 1}


def let_go(ns, pod):
    ns.kubectl("exec", pod, "--", "touch", "/tmp/go")


def uninstalled_over(ns, installed, cluster):
    """Uninstalls while a workflow `left` runs, whose pod it gives: what stays is as the documentation says."""
    ns.apply(held("left"))
    pod = ns.running_pod()
    crds = cluster.kubectl("get", "crds", "-o", "name")
    installed.uninstall()
    assert cluster.kubectl("get", "crds", "-o", "name") == crds and "workflows.coreflow.dev" in crds
    assert cluster.kubectl("get", "validatingadmissionpolicies,validatingadmissionpolicybindings,flowschemas",
                           "-l", "app.kubernetes.io/part-of=coreflow", "-o", "name") == ""
    assert ns.get("left")["spec"]["suspend"] is True
    left = ns.kubectl.items("pods")
    assert [p["metadata"]["name"] for p in left if p["status"]["phase"] == "Running"] == [pod]
    assert not any(p["metadata"].get("finalizers") for p in left)
    return pod
