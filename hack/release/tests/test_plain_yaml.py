"""Plain YAML: what the charts install by default, for who has no helm."""
import json
import os
import subprocess

import helm
import manifests
import pytest
import tree
import yaml

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
# The last is the release's name, which each user chooses.
CHART_LABELS = {"helm.sh/chart", "app.kubernetes.io/managed-by", "app.kubernetes.io/instance"}
# Client-side apply keeps an object as one of its own annotations, and annotations have room for this much.
ROOM_OF_ANNOTATIONS = 256 << 10


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("manifests")
    subprocess.run([f"{ROOT}/hack/release/manifests", folder, "1.2.3"], check=True)
    return {name: list(yaml.load_all(tree.read(folder, f"coreflow-{name}-1.2.3.yaml"), helm.LOADER))
            for name in ("crds", "operator")}


def without_chart(document):
    """The same without what helm says of itself."""
    if isinstance(document, list):
        return [without_chart(one) for one in document]
    if not isinstance(document, dict):
        return document
    return {key: without_chart(value) for key, value in document.items() if key not in CHART_LABELS}


def test_it_is_what_the_charts_install(root, written):
    crds = [without_chart(one) for one in helm.rendered(root, {"keep": False}, chart="coreflow-crds")]
    operator = [without_chart(one) for one in helm.rendered(root, {"crds": {"install": False}})
                if "helm.sh/hook" not in (one["metadata"].get("annotations") or {})]
    assert without_chart(written["crds"]) == crds
    assert without_chart(written["operator"][1:]) == operator
    assert [one["kind"] for one in crds].count("CustomResourceDefinition") == 4


def test_nothing_is_said_to_be_looked_after_by_helm(written):
    for document in [*written["crds"], *written["operator"]]:
        assert not [label for label in document["metadata"].get("labels", {}) if label in (
            "helm.sh/chart", "app.kubernetes.io/managed-by")]


def test_its_namespace_comes_first(written):
    namespace = written["operator"][0]
    assert (namespace["kind"], namespace["metadata"]["name"]) == ("Namespace", "coreflow-system")
    named = {one["metadata"]["namespace"] for one in written["operator"][1:] if "namespace" in one["metadata"]}
    assert named == {"coreflow-system"}


def test_kubernetes_takes_it(root, written):
    for document in [*written["crds"], *written["operator"][1:]]:
        assert manifests.faults(root, "1.31", document) == [] == manifests.faults(root, "1.34", document)


def test_kubectl_apply_has_room_for_it(written):
    assert max(len(json.dumps(document)) for documents in written.values() for document in documents) < ROOM_OF_ANNOTATIONS


def test_the_operator_has_the_image_of_the_version(root, written):
    (operator,) = [one for one in written["operator"] if one["kind"] == "Deployment"]
    (container,) = operator["spec"]["template"]["spec"]["containers"]
    assert container["image"] == f"coreflow.dev/coreflow/operator:{tree.read(root, 'VERSION').strip()}"
