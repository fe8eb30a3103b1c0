"""The fence's policies as the API server has them."""
import contextlib
import json
import time

from harness import chart
from harness.kubectl import CommandFailed


def said(kubectl, labels, *acting):
    """What the API server says against a pod with these labels of CoreFlow; nothing when it would let it in."""
    labels = {f"coreflow.dev/{name}": str(value) for name, value in labels.items()}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "trial", "namespace": "default", "labels": labels},
           "spec": {"containers": [{"name": "main", "image": "busybox:1.36"}]}}
    try:
        kubectl("create", "--dry-run=server", "-f", "-", *acting, stdin=json.dumps(pod))
    except CommandFailed as refused:
        return refused.text
    return ""


def trial(kubectl, bucket=5, epoch=0):
    """What it says against a pod of that epoch."""
    return said(kubectl, {"bucket": bucket, "epoch": epoch})


def policies_work(kubectl, namespace):
    """Whether each of the two keeps out what it should; one that isn't configured yet refuses too, and says so. Of two that
    refuse a pod any one speaks, so the fence is asked as the operator, which the other lets pass."""
    operator = ("--as", f"system:serviceaccount:{namespace}:coreflow-operator", "--as-group", "system:masters")
    fence = said(kubectl, {"bucket": 5, "epoch": 0}, *operator)
    return ("coreflow-fence: epoch" in fence or "no params found" in fence) and "coreflow-pods:" in said(kubectl, {"step": "forged"})


def wait_until(claim, what):
    """API servers hear of policies a moment later; of a kind that is new, half a minute later."""
    deadline = time.monotonic() + 90
    while not claim():
        assert time.monotonic() < deadline, f"not within 90 s: {what}"


@contextlib.contextmanager
def policies(kubectl, namespace):
    """The chart's policies with a Fence in that namespace, from when API servers keep to them until they no more do."""
    manifests = chart.rendered(namespace, "fence.yaml")
    kubectl("apply", "-f", "-", stdin=manifests)
    wait_until(lambda: policies_work(kubectl, namespace), "the policies work")
    yield
    kubectl("delete", "--wait=false", "--ignore-not-found", "-f", "-", stdin=manifests)
    wait_until(lambda: not trial(kubectl) and not said(kubectl, {"step": "forged"}), "the policies are gone")
