"""How large an output may be: what the kubelet keeps of a container's termination message."""
import json

import pytest


def step(size, sidecars):
    """A Workflow whose step writes an output file of exactly `size` bytes, in a pod of 1 + sidecars containers."""
    sidecar = {"image": "busybox:1.36", "imagePullPolicy": "IfNotPresent", "command": ["sleep", "600"]}
    declared = size > 2
    script = f"head -c {size - 2} /dev/zero | tr '\\0' x | sed 's/^/x=/' >/tmp/o; head -c {size} /tmp/o >\"$COREFLOW_OUTPUT\"" if declared else \
        f"head -c {size} /dev/zero | tr '\\0' '\\n' >\"$COREFLOW_OUTPUT\""
    one = {"name": "write", "script": script,
           "pod": {"sidecars": [{"name": f"s{n}", **sidecar} for n in range(sidecars)], "overrides": {"terminationGracePeriodSeconds": 1}}}
    if declared:
        one["outputs"] = [{"name": "x"}]
    return json.dumps({"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": "sized"},
                       "spec": {"defaults": {"image": "busybox:1.36"}, "steps": [one]}})


@pytest.mark.parametrize("size, sidecars", [(0, 0), (1, 0), (4095, 0), (3071, 3), (2456, 4)])
def test_an_output_that_fits_arrives_whole(operator, ns, size, sidecars):
    done = ns.run(step(size, sidecars))
    item = ns.items(done)["write"]
    assert len(item.get("outputs", {}).get("x", "")) == max(0, size - 2)
    assert set(item.get("outputs", {}).get("x", "x")) == {"x"}


@pytest.mark.parametrize("size, sidecars", [(4096, 0), (4097, 0), (3072, 3), (2457, 4)])
def test_an_output_that_may_have_been_cut_fails_the_step(operator, ns, size, sidecars):
    item = ns.items(ns.run(step(size, sidecars), want="Failed"))["write"]
    assert item["reason"] == "OutputsTooLarge"


@pytest.mark.parametrize("text, word", [
    ("a=1", "b"), ("a=1\nb=2\nc=3", "c"), ("a=1\na=2\nb=3", "a"), ("a=1\nb=many", "b"), ("\\377\\376=1", "UTF-8"),
], ids=["missing", "unknown", "doubled", "wrong type", "not UTF-8"])
def test_an_output_that_breaks_its_declaration_fails_the_step(operator, ns, text, word):
    spec = {"steps": [{"name": "write", "image": "busybox:1.36", "script": f"printf '{text}\\n' >\"$COREFLOW_OUTPUT\"",
                       "outputs": [{"name": "a"}, {"name": "b", "type": "Integer"}]}]}
    item = ns.items(ns.run(json.dumps({"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow",
                                       "metadata": {"name": "declared"}, "spec": spec}), want="Failed"))["write"]
    assert item["reason"] == "OutputsInvalid" and word in item["message"]
