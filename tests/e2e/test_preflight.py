"""Is this a cluster? Run first, so that a broken one says so by itself."""
import pytest

POD = """
apiVersion: v1
kind: Pod
metadata: {name: %s, labels: {app: %s}}
spec:
  restartPolicy: Never
  containers:
  - {name: main, image: "busybox:1.36", imagePullPolicy: IfNotPresent, command: [sh, -c, '%s']}
"""


def phase(want):
    return lambda pod: pod.get("status", {}).get("phase") == want


@pytest.mark.own_cluster
def test_kubelet_is_healthy(cluster):
    assert "kubelet: ready" in cluster.tool("status")


def test_pod_runs_and_its_log_is_read(ns):
    ns.apply(POD % ("hello", "hello", "echo hello from a pod"))
    ns.wait("hello", phase("Succeeded"), kind="pod")
    assert ns.logs("hello") == "hello from a pod\n"


def test_service_leads_to_a_pod(ns):
    ns.apply(POD % ("server", "server", "mkdir /www && echo served >/www/index.html && exec httpd -f -p 80 -h /www"))
    ns.kubectl("expose", "pod", "server", "--port=80")
    ns.kubectl("wait", "--for=condition=Ready", "--timeout=60s", "pod/server")
    address = ns.get("server", kind="service")["spec"]["clusterIP"]
    ns.apply(POD % ("client", "client", f"until wget -q -O - http://{address}/; do :; done"))
    ns.wait("client", phase("Succeeded"), kind="pod")
    assert ns.logs("client").splitlines()[-1] == "served"


def test_crds_are_served(cluster):
    assert "coreflow.dev/v1alpha1" in cluster.kubectl("api-resources", "--api-group=coreflow.dev")
