"""The fence's policies as the API server has them."""
import contextlib
import json

from harness import chart
from harness.kubectl import CommandFailed


def pod(bucket, epoch):
    labels = {"coreflow.dev/bucket": str(bucket), "coreflow.dev/epoch": str(epoch)}
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "trial", "namespace": "default", "labels": labels},
                       "spec": {"containers": [{"name": "main", "image": "busybox:1.36"}]}})


def trial(kubectl, bucket=5, epoch=0):
    """Whether such a pod would be let in; what the API server says if not."""
    try:
        kubectl("create", "--dry-run=server", "-f", "-", stdin=pod(bucket, epoch))
    except CommandFailed as refused:
        return refused.text
    return ""


@contextlib.contextmanager
def policies(kubectl, namespace):
    """The chart's policies with Leases in that namespace; none of it is left behind."""
    manifests = chart.rendered(namespace, "fence.yaml")
    kubectl("apply", "-f", "-", stdin=manifests)
    yield
    kubectl("delete", "--ignore-not-found", "-f", "-", stdin=manifests)
    kubectl("delete", "leases", "-n", namespace, "--ignore-not-found", *(f"coreflow-bucket-{n:02}" for n in range(64)))
    while trial(kubectl):  # API servers hear of it a moment later
        pass
