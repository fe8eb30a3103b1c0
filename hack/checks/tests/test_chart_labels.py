"""Labels that are missing, and selectors that are wrong, are told."""
import copy

import chart_labels
import helm
import pytest


@pytest.fixture(name="documents")
def documents_(root):
    return copy.deepcopy(helm.rendered(root, helm.INSTALLS["everything"]))


def of(documents, kind):
    return next(one for one in documents if one["kind"] == kind)


def test_everything_is_labelled_and_selected(root):
    assert chart_labels.check(root) == []


def test_an_object_without_a_label(documents):
    del of(documents, "Service")["metadata"]["labels"]["helm.sh/chart"]
    assert list(chart_labels.check_documents(documents)) == ["Service coreflow-data: it has no label helm.sh/chart"]


def test_a_pod_without_a_label(documents):
    del of(documents, "Job")["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/version"]
    assert list(chart_labels.check_documents(documents)) == [
        "Job coreflow-test: its pods have no label app.kubernetes.io/version"]


SELECTORS = {
    "Service": lambda spec: spec["selector"],
    "Deployment": lambda spec: spec["selector"]["matchLabels"],
    "PodDisruptionBudget": lambda spec: spec["selector"]["matchLabels"],
    "NetworkPolicy": lambda spec: spec["podSelector"]["matchLabels"],
    "topology spread": lambda spec: spec["template"]["spec"]["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"],
}


@pytest.mark.parametrize("name", SELECTORS)
def test_a_selector_by_what_changes_or_of_nothing(documents, name):
    document = of(documents, name if name != "topology spread" else "Deployment")
    selector = SELECTORS[name](document["spec"])
    selector["app.kubernetes.io/name"] = "other"
    assert list(chart_labels.check_documents(documents)) == [f"{helm.name_of(document)}: selects no pod"]
    selector["helm.sh/chart"] = "coreflow-0.1.0"
    assert list(chart_labels.check_documents(documents)) == [f"{helm.name_of(document)}: selects by helm.sh/chart"]
