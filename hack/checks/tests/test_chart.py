"""The chart: what helm itself has against it, and what it refuses."""
import pytest
import rbac
import yaml
from helm import helm, serving


def test_helm_has_nothing_against_it(root):
    done = helm(root, "lint", "--strict")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("value", ["replica=1", "image.repo=x", "logLevel=loud", "namespaces={Team_A}", "metrics.port=0"])
def test_a_value_that_is_none_is_refused(root, value):
    done = helm(root, "template", "--set", value)
    assert done.returncode != 0 and "values don't meet the specifications of the schema" in done.stderr


@pytest.mark.parametrize("install", rbac.INSTALLS)
def test_everything_carries_the_labels_and_the_namespace_of_the_release(root, install):
    served = rbac.INSTALLS[install]
    done = helm(root, "template", "--namespace", "here", *serving(served))
    assert done.returncode == 0, done.stderr
    documents = [document for document in yaml.safe_load_all(done.stdout) if document]
    for document in documents:
        assert document["metadata"]["labels"]["app.kubernetes.io/part-of"] == "coreflow"
        assert document["metadata"].get("namespace", "here") in ["here", *served]
    cluster_wide = {document["kind"] for document in documents if "namespace" not in document["metadata"]}
    assert not served or cluster_wide == {"CustomResourceDefinition"}
