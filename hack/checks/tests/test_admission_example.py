"""The admission policy that docs/security.md shows is one, in each version of Kubernetes, and names fields that there are."""
import re

import manifests
import pytest
import tree
import yaml


@pytest.fixture(name="shown")
def shown_(root):
    return [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", tree.read(root, "docs/security.md"), re.M | re.S)]


@pytest.mark.parametrize("version", manifests.VERSIONS)
def test_kubernetes_takes_it(root, shown, version):
    assert [one["kind"] for one in shown] == ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]
    assert [fault for one in shown for fault in manifests.faults(root, version, one)] == []


def test_the_binding_is_of_the_policy(shown):
    policy, binding = shown
    assert binding["spec"]["policyName"] == policy["metadata"]["name"]


def places(schema, name, path=()):
    """Where a schema has a field of that name."""
    for field, below in schema.get("properties", {}).items():
        if field == name:
            yield path
        yield from places(below, name, (*path, field))
    if "items" in schema:
        yield from places(schema["items"], name, path)


@pytest.mark.parametrize("field, below", [("overrides", ("pod",)), ("hostPort", ("ports",))])
def test_it_looks_wherever_the_field_may_stand(root, shown, field, below):
    judged = {("spec", "steps"), ("spec", "finally"), ("spec", "defaults"), ("spec", "template")}
    (expression,) = [one["expression"] for one in shown[0]["spec"]["validations"] if field in one["expression"]]
    assert f"step.{below[0]}" in expression
    for kind, schema in manifests.of_ours(root):
        assert {place[:-1] for place in places(schema, field)} <= judged, kind
        assert {place[-1:] for place in places(schema, field)} <= {below}, kind
    found = [place for kind, schema in manifests.of_ours(root) for place in places(schema, field)]
    assert ("spec", "steps", *below) in found and ("spec", "template", *below) in found
