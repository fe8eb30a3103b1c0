"""What the pods of steps are given, and what not."""
import json
import os
import sys

import pytest
from harness import paths

sys.path.append(os.path.join(paths.ROOT, "hack/checks"))
import pod_security  # noqa: E402

DEFAULTS = {"image": "busybox:1.36", "pod": {"volumes": [{"name": "out", "emptyDir": {}}]}}
OUT = [{"name": "out", "mountPath": "/out"}]
STEPS = [
    {"name": "plain", "script": "true"},
    {"name": "leaves", "script": "echo x >/out/file", "volumeMounts": OUT, "outputArtifacts": [{"name": "file", "path": "/out/file"}]},
    {"name": "takes", "script": "cat /in/file", "inputs": {"artifacts": [
        {"name": "file", "path": "/in/file", "from": "steps.leaves.artifacts.file"}]}},
]


@pytest.fixture(name="specs")
def specs_(ns):
    """Of the pods of a run, by step."""
    ns.run(json.dumps({"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": "w"},
                       "spec": {"podCleanup": "Never", "defaults": DEFAULTS, "steps": STEPS}}))
    specs = {pod["metadata"]["labels"]["coreflow.dev/step"]: pod["spec"] for pod in ns.pods()}
    assert set(specs) == {"plain", "leaves", "takes"}
    return specs


def test_none_has_a_token_of_kubernetes(specs):
    for step, spec in specs.items():
        assert spec["automountServiceAccountToken"] is False, step
        kinds = {kind for volume in spec.get("volumes", []) for kind in volume if kind != "name"}
        assert kinds <= {"emptyDir"}, f"{step} has {kinds}"


def test_the_containers_of_coreflow_are_restricted_and_those_of_the_step_know_no_token(specs):
    couriers = []
    for spec in specs.values():
        for container in spec.get("initContainers", []):
            couriers.append(container["name"])
            faults = list(pod_security.faults({**spec, "containers": [container], "initContainers": []}))
            assert not faults, faults
        for container in spec["containers"]:
            assert container["name"] == "main" and "COREFLOW_COURIER" not in {one["name"] for one in container["env"]}
    assert sorted(set(couriers)) == ["coreflow-courier", "coreflow-fetch"]
