"""What Kubernetes would refuse or drop is found, by the schemas of each of its versions."""
import copy

import helm
import manifests
import pytest


def faults(root, document, version="1.34"):
    return list(manifests.faults(root, version, document))


@pytest.fixture(name="document")
def document_(root):
    return lambda kind: copy.deepcopy(next(one for one in helm.rendered(root) if one["kind"] == kind))


def test_every_version_takes_what_the_charts_render(root):
    assert manifests.check(root) == []


def test_a_field_that_is_none(root, document):
    deployment = document("Deployment")
    deployment["spec"]["template"]["spec"]["serviceAcountName"] = "x"
    (fault,) = faults(root, deployment)
    assert fault.startswith("spec.template.spec: ") and "serviceAcountName" in fault


def test_a_field_of_a_wrong_type(root, document):
    deployment = document("Deployment")
    deployment["spec"]["replicas"] = "2"
    assert faults(root, deployment) == ["spec.replicas: '2' is not of type 'integer'"]


def test_a_field_that_is_missing(root, document):
    job = document("Job")
    del job["spec"]["template"]["spec"]["containers"]
    assert faults(root, job) == ["spec.template.spec: 'containers' is a required property"]


def test_a_field_that_only_later_versions_have(root, document):
    deployment = document("Deployment")
    deployment["spec"]["template"]["spec"]["hostnameOverride"] = "x"
    assert faults(root, deployment) == [] and faults(root, deployment, "1.33")


def test_a_field_of_a_workflow_that_is_none(root, document):
    workflow = document("Workflow")
    workflow["spec"]["steps"][0]["imagePolicy"] = "Never"
    (fault,) = faults(root, workflow)
    assert fault.startswith("spec.steps.0: ") and "imagePolicy" in fault


def test_a_kind_that_is_none(root):
    assert faults(root, {"apiVersion": "apps/v1", "kind": "Deployments"}) == ["is of no kind that is known"]
