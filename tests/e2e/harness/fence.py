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
    """The chart's policies with Leases in that namespace, from when API servers keep to them until they no more do.

    The Leases stay: whoever counted from 1 again would be kept out by what API servers remember of them.
    """
    manifests = chart.rendered(namespace, "fence.yaml")
    kubectl("apply", "-f", "-", stdin=manifests)
    while not trial(kubectl):
        pass
    yield
    kubectl("delete", "--wait=false", "--ignore-not-found", "-f", "-", stdin=manifests)
    while trial(kubectl):
        pass
