"""The Helm chart: installed, used, upgraded and uninstalled with the real helm, the operator in its own image."""
import json
import os
import subprocess

import pytest
from harness import account, artifacts, chart, examples, large_outputs, paths
from harness.flows import two_steps
from harness.namespace import condition

SYSTEM = "coreflow-chart"
HELD = two_steps("held", "until test -e /tmp/go; do sleep 0.1; done")


class Release:
    """One release of the chart; `helm` and `kubectl` in its namespace."""

    def __init__(self, cluster, namespace, *values):
        self._where = ["--kubeconfig", cluster.kubeconfig, "--namespace", namespace]
        self._values = [word for value in values for word in ("--set", value)]
        self.kubectl = lambda *words: cluster.kubectl("-n", namespace, *words)

    def install(self):
        # The CRDs are there already; helm's own install of them is what is wanted.
        chart.helm("install", "coreflow", chart.CHART, *self._where, *self._values, "--create-namespace", "--take-ownership",
                   "--wait", "--timeout=180s")

    def upgrade(self, *values):
        more = [word for value in values for word in ("--set", value)]
        chart.helm("upgrade", "coreflow", chart.CHART, *self._where, *self._values, *more, "--wait", "--timeout=180s")

    def uninstall(self):
        chart.helm("uninstall", "coreflow", *self._where, "--wait", "--timeout=180s", "--ignore-not-found")

    def log(self):
        return self.kubectl("logs", "deployment/coreflow-operator", "--all-pods", "--tail=-1")


@pytest.fixture
def image(cluster):
    """The operator's image, on the node."""
    archive = subprocess.run([os.path.join(paths.ROOT, "hack/ci/image")], capture_output=True, text=True, check=True,
                             cwd=paths.ROOT).stdout.strip()
    cluster.tool("load-image", os.path.join(paths.ROOT, archive))


@pytest.fixture
def release(operator, cluster, image):
    """Makes releases; at the end they are gone, and the operator of the other tests has its roles again."""
    assert operator.stop() == 0
    made = []

    def make(*arguments):
        made.append(Release(cluster, *arguments))
        made[-1].install()
        return made[-1]
    yield make
    for one in made:
        one.uninstall()
    os.unlink(account.kubeconfig(cluster, "coreflow-system"))


@pytest.mark.own_cluster
def test_install_run_upgrade_uninstall(release, operator, cluster, ns):
    installed = release(SYSTEM)
    assert "no fence" not in installed.log()
    done = ns.run(two_steps("one", "true"))
    assert done["status"]["epoch"] > 0
    served = cluster.kubectl("get", "--raw", "/metrics")
    assert 'apiserver_flowcontrol_dispatched_requests_total{flow_schema="coreflow-leases"' in served

    ns.apply(HELD)
    pod = ns.running_pod()
    installed.upgrade("logLevel=debug")
    ns.kubectl("exec", pod, "--", "touch", "/tmp/go")
    assert ns.attempts(ns.end("held")) == {"first": 1, "second": 1}

    ns.apply(HELD.replace("name: held", "name: left"))
    pod = ns.running_pod()
    installed.uninstall()
    assert cluster.kubectl("get", "validatingadmissionpolicies,validatingadmissionpolicybindings,flowschemas",
                           "-l", "app.kubernetes.io/part-of=coreflow", "-o", "name") == ""
    assert ns.get("left")["spec"]["suspend"] is True
    left = json.loads(ns.kubectl("get", "pods", "-o", "json"))["items"]
    assert [p["metadata"]["name"] for p in left if p["status"]["phase"] == "Running"] == [pod]
    assert not any(p["metadata"].get("finalizers") for p in left)

    os.unlink(account.kubeconfig(cluster, "coreflow-system"))
    operator.start()
    ns.patch("left", {"suspend": False})
    ns.kubectl("exec", pod, "--", "touch", "/tmp/go")
    assert ns.attempts(ns.end("left")) == {"first": 1, "second": 1}


@pytest.mark.own_cluster
def test_artifacts_move_through_the_couriers_of_an_install(release, ns):
    release(SYSTEM, "replicas=1", "store.url=https://$(POD_IP):8443")  # this cluster has no DNS
    for file in sorted(examples.OF_INSTALLS):
        examples.run(ns, file)
    artifacts.check_modes_and_links(ns)
    artifacts.check_what_is_missing(ns)
    artifacts.check_exit_codes(ns)
    for size in (5, 4096, 100_000):
        large_outputs.check_text(ns, size)


@pytest.mark.own_cluster
def test_a_namespaced_install_says_that_it_has_no_fence(release, cluster, ns):
    installed = release(ns.name, f"namespaces={{{ns.name}}}", "uninstall.hook=false")
    done = ns.run(two_steps("one", "true"))
    assert condition(done, "Fenced")["status"] == "False"
    assert "no fence" in installed.log()
    ns.apply(HELD)
    pod = ns.running_pod()
    installed.uninstall()
    ns.kubectl("delete", "cfw", "--all")
    ns.kubectl("wait", f"pod/{pod}", "--for=jsonpath={.metadata.deletionTimestamp}")
    assert ns.get(pod, "pod")["metadata"]["finalizers"], "it waits for an operator"
    let_go_as_documented(cluster)
    ns.kubectl("wait", f"pod/{pod}", "--for=delete", "--timeout=60s")


def let_go_as_documented(cluster):
    with open(os.path.join(paths.ROOT, "docs/install.md"), encoding="utf-8") as page:
        command = page.read().split("```sh\n")[1].split("```")[0]
    programs = os.path.dirname(cluster.kubectl.program)
    subprocess.run(["sh", "-ec", command], check=True,
                   env={"PATH": programs + ":" + os.environ["PATH"], "KUBECONFIG": cluster.kubeconfig, "HOME": paths.LOGS})


@pytest.mark.own_cluster
def test_delete_of_the_namespace_that_the_operator_lives_in(release, cluster, ns):
    release(ns.name, f"namespaces={{{ns.name}}}")
    ns.apply(HELD)
    ns.running_pod()
    cluster.kubectl("delete", "namespace", ns.name, "--timeout=90s", timeout=100)
