"""Outputs of more than what Kubernetes keeps of a container."""
import json

import pytest
from harness import artifacts, large_outputs
from harness.namespace import outputs


def test_outputs_of_any_size_arrive_whole(ns):
    for size in (0, 1, 1018, 1019, 1020, 4095, 4096, 4097, 65536, 100_000, 262144, (1 << 20) - 5):
        large_outputs.check_text(ns, size)


def test_a_list_that_is_large_becomes_items(ns):
    make = {"name": "make", "script": "seq 1 20000 | paste -sd, - | sed 's/.*/{\"all\":[&]}/' > $COREFLOW_OUTPUT",
            "outputs": [{"name": "all", "type": "Array", "large": True}]}
    each = {"name": "each", "forEach": {"items": "steps.make.outputs.all.filter(n, n > 19997)"},
            "script": "echo twice=$((ITEM * 2)) > $COREFLOW_OUTPUT", "outputs": [{"name": "twice", "type": "Integer"}]}
    done = ns.run(artifacts.workflow("list", make, each, outputs=[{"name": "sum", "value": "steps.each.outputs.twice.sum()"}]))
    assert outputs(done) == {"sum": 2 * (19998 + 19999 + 20000)}
    item = ns.items(done)["make"]
    assert "outputs" not in item and [one["name"] for one in item["artifacts"]] == ["$outputs"], item


@pytest.mark.parametrize("size, reason", [(1 << 20, "ArtifactFailed")])
def test_more_than_a_mebibyte_is_refused(ns, size, reason):
    make = {"name": "make", "script": f"head -c {size + 1} /dev/zero > $COREFLOW_OUTPUT", "outputs": [{"name": "text", "large": True}]}
    done = ns.run(artifacts.workflow("big", make), want="Failed")
    item = ns.items(done)["make"]
    assert item["reason"] == reason and "more than 1 MiB" in item["message"], item


def test_what_does_not_fit_says_what_to_declare(ns):
    make = {"name": "make", "script": "printf text= > $COREFLOW_OUTPUT; head -c 5000 /dev/zero | tr '\\0' x >> $COREFLOW_OUTPUT",
            "outputs": [{"name": "text"}]}
    done = ns.run(artifacts.workflow("small", make), want="Failed")
    item = ns.items(done)["make"]
    assert item["reason"] == "OutputsTooLarge" and "large: true" in item["message"], item


def test_they_are_taken_from_the_step_cache(ns):
    text = artifacts.workflow("cached", {
        "name": "make", "cache": {"mode": "Auto"}, "outputs": [{"name": "all", "type": "Array", "large": True}],
        "script": "seq 1 5000 | paste -sd, - | sed 's/.*/{\"all\":[&]}/' > $COREFLOW_OUTPUT"},
        outputs=[{"name": "last", "value": "steps.make.outputs.all[4999]"}])
    assert outputs(ns.run(text)) == {"last": 5000}
    again = json.loads(text)
    again["metadata"]["name"] = "again"
    done = ns.run(json.dumps(again))
    assert outputs(done) == {"last": 5000}
    assert ns.items(done)["make"]["reason"] == "CacheHit"
