"""The fence's policies as the API server has them."""
import contextlib
import json

from harness import chart
from harness.kubectl import CommandFailed


def said(kubectl, labels):
    """What the API server says against a pod with these labels of CoreFlow; nothing when it would let it in."""
    labels = {f"coreflow.dev/{name}": str(value) for name, value in labels.items()}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "trial", "namespace": "default", "labels": labels},
           "spec": {"containers": [{"name": "main", "image": "busybox:1.36"}]}}
    try:
        kubectl("create", "--dry-run=server", "-f", "-", stdin=json.dumps(pod))
    except CommandFailed as refused:
        return refused.text
    return ""


def trial(kubectl, bucket=5, epoch=0):
    """What it says against a pod of that epoch."""
    return said(kubectl, {"bucket": bucket, "epoch": epoch})


def fence_is_up(kubectl):
    """Whether the policy keeps an old epoch out, and not only says that it isn't configured yet."""
    says = trial(kubectl)
    return "coreflow-fence: epoch" in says or "no params found" in says


@contextlib.contextmanager
def policies(kubectl, namespace):
    """The chart's policies with a Fence in that namespace, from when API servers keep to them until they no more do."""
    manifests = chart.rendered(namespace, "fence.yaml")
    kubectl("apply", "-f", "-", stdin=manifests)
    while not (fence_is_up(kubectl) and said(kubectl, {"step": "forged"})):
        pass
    yield
    kubectl("delete", "--wait=false", "--ignore-not-found", "-f", "-", stdin=manifests)
    while trial(kubectl) or said(kubectl, {"step": "forged"}):
        pass
