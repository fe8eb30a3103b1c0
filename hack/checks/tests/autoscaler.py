"""A model of the HorizontalPodAutoscaler for one external metric with an AverageValue.

The algorithm is that of https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/: "Algorithm
details", "Stabilization window", "Scaling policies" and its defaults. Pods are ready at once.
"""
import math
from dataclasses import dataclass, field

PERIOD = 15  # seconds, --horizontal-pod-autoscaler-sync-period
TOLERANCE = 0.1
DEFAULT_UP = {"stabilizationWindowSeconds": 0,
              "policies": [{"type": "Percent", "value": 100, "periodSeconds": 15}, {"type": "Pods", "value": 4, "periodSeconds": 15}]}


@dataclass
class Autoscaler:
    """Of a manifest; `replicas` after each look at the metric."""

    spec: dict
    replicas: list = field(default_factory=list)
    wanted: list = field(default_factory=list)  # before windows and policies, as often as was looked

    def __post_init__(self):
        self.now = self.spec["minReplicas"]
        self.up = {**DEFAULT_UP, **self.spec["behavior"].get("scaleUp", {})}
        self.down = self.spec["behavior"]["scaleDown"]

    def look(self, metric):
        self.wanted.append(min(max(self._ratio(metric), self.spec["minReplicas"]), self.spec["maxReplicas"]))
        stable = max(self.now, min(self._within(self.up["stabilizationWindowSeconds"])))
        stable = min(stable, max(self._within(self.down["stabilizationWindowSeconds"])))
        if stable > self.now:
            stable = min(stable, max(self._most(policy) for policy in self.up["policies"]))
        elif stable < self.now:
            stable = max(stable, min(self._fewest(policy) for policy in self.down["policies"]))
        self.now = stable
        self.replicas.append(stable)

    def _ratio(self, metric):
        each = float(self.spec["metrics"][0]["external"]["target"]["averageValue"])
        return self.now if abs(metric / (each * self.now) - 1) <= TOLERANCE else math.ceil(metric / each)

    def _within(self, seconds):
        return self.wanted[-(seconds // PERIOD + 1):]

    def _at_start_of(self, policy):
        looks = policy["periodSeconds"] // PERIOD
        return self.replicas[-looks] if len(self.replicas) >= looks else self.spec["minReplicas"]

    def _most(self, policy):
        start = min(self._at_start_of(policy), self.now)
        return start + policy["value"] if policy["type"] == "Pods" else math.ceil(start * (1 + policy["value"] / 100))

    def _fewest(self, policy):
        start = max(self._at_start_of(policy), self.now)
        return start - policy["value"] if policy["type"] == "Pods" else math.floor(start * (1 - policy["value"] / 100))


def turns(replicas):
    """How often it changes from growing to shrinking, or back."""
    ways = [1 if after > before else -1 for before, after in zip(replicas, replicas[1:]) if after != before]
    return sum(1 for before, after in zip(ways, ways[1:]) if before != after)
