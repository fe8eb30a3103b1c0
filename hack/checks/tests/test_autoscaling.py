"""The HorizontalPodAutoscaler of docs/autoscaling.md, in a model of its algorithm: it follows bursts and does not flap."""
import copy
import os
import re

import tree as files
import yaml
from autoscaler import PERIOD, Autoscaler, turns

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
PAGE = files.read(ROOT, "docs/autoscaling.md")
MANIFESTS = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.M | re.S)]
HPA = next(one for one in MANIFESTS if one.get("kind") == "HorizontalPodAutoscaler")["spec"]
SCALED_OBJECT = next(one for one in MANIFESTS if one.get("kind") == "ScaledObject")["spec"]
ADAPTER = next(one for one in MANIFESTS if "externalRules" in one)["externalRules"][0]


def bursts(count, steps, every, lasts):
    """Steps at each look: each burst falls evenly to none, then there is a pause; then ten quiet minutes."""
    for second in range(0, count * every, PERIOD):
        yield steps * max(0.0, 1 - (second % every) / lasts)
    yield from [0.0] * (600 // PERIOD)


def followed(spec, queue):
    autoscaler = Autoscaler(spec)
    for steps in queue:
        autoscaler.look(steps)
    return autoscaler.replicas


def without_window(spec):
    changed = copy.deepcopy(spec)
    changed["behavior"]["scaleDown"]["stabilizationWindowSeconds"] = 0
    return changed


def test_bursts_turn_it_as_often_as_the_page_says():
    queue = list(bursts(10, 100, every=120, lasts=90))
    with_window, without = followed(HPA, queue), followed(without_window(HPA), queue)
    assert f"turns {['never', 'once'][turns(with_window)]} from up to down" in PAGE
    assert f"without the window it turns {turns(without)} times" in " ".join(PAGE.split())
    assert max(with_window) == 10 and with_window[-1] == HPA["minReplicas"]


def test_what_lasts_is_followed_within_a_minute_and_left_within_ten():
    replicas = followed(HPA, [0] * 4 + [150] * 40 + [0] * 40)
    assert replicas[4 + 4] == 15 and replicas[4 + 39] == 15 and replicas[4 + 40 + 39] == 1 and turns(replicas) == 1


def test_a_leader_that_reads_anew_lets_no_replica_go():
    assert set(followed(HPA, [100] * 10 + [0] * 4 + [100] * 10)[5:]) == {10}
    assert min(followed(without_window(HPA), [100] * 10 + [0] * 4 + [100] * 10)[5:]) < 10


def test_noise_within_the_tolerance_moves_nothing():
    assert turns(followed(HPA, [100] * 10 + [94, 106, 95, 105] * 20)) == 0


def test_both_ways_scale_alike():
    trigger = SCALED_OBJECT["triggers"][0]["metadata"]
    assert trigger["query"].split() == ADAPTER["metricsQuery"].split()
    assert trigger["threshold"] == HPA["metrics"][0]["external"]["target"]["averageValue"]
    assert SCALED_OBJECT["advanced"]["horizontalPodAutoscalerConfig"]["behavior"] == HPA["behavior"]
    assert ADAPTER["name"]["as"] == HPA["metrics"][0]["external"]["metric"]["name"]
    assert all(isinstance(value, str) for value in trigger.values()), "KEDA takes texts only"
