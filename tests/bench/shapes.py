"""The same pods, once made by a plain HTTP client and once by CoreFlow, in turns on one cluster."""
import json
import os
import statistics
import time

import raw
from harness import account
from harness.namespace import Namespace
from rows import row

ENDS = ("Succeeded", "Failed", "Stopped")
STEP = {"image": "busybox:1.36", "command": ["true"]}
SHAPES = {
    "chain": lambda count: [{"name": f"s{n}", **STEP, **({"dependsOn": [f"s{n - 1}"]} if n else {})} for n in range(count)],
    "wide": lambda count: [{"name": "all", **STEP, "forEach": {"items": str(list(range(count)))}}],
}


def workflow(name, steps, **spec):
    return json.dumps({"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": name},
                       "spec": {"steps": steps, **spec}})


def namespace(cluster, name):
    cluster.kubectl("create", "namespace", name)
    made = Namespace(cluster.kubectl, name)
    made.kubectl("wait", "--for=create", "--timeout=60s", "serviceaccount/default")
    return made


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def mebibytes(pid, what):
    """VmRSS or VmHWM, the most it ever was."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(next(line for line in status if line.startswith(what)).split()[1]) / 1024


class Bench:
    """Shapes on one cluster, with one operator that runs all the time: it hears nothing of pods that are not its own."""

    def __init__(self, cluster, api, operator, nodes):
        self.cluster, self.api, self.operator, self.nodes = cluster, api, operator, nodes
        self.pid = operator.process.pid

    def clear(self, name):
        """What is still being deleted would be timed with what comes next."""
        self.cluster.kubectl("delete", "namespace", name, timeout=600)

    def sample(self, kind):
        """A pod that CoreFlow has made for such a shape."""
        ns = namespace(self.cluster, f"sample-{kind}")
        ns.run(workflow(kind, SHAPES[kind](2), podCleanup="Never"))
        pod = ns.pods()[0]
        self.clear(ns.name)
        return pod

    def bare(self, kind, count, turn, pod):
        ns = namespace(self.cluster, f"raw-{kind}-{turn}")
        took = getattr(raw, kind)(self.api, ns.name, count, pod)
        self.clear(ns.name)
        return took

    def coreflow(self, kind, count, turn):
        """Seconds of one workflow, and the operator's CPU seconds and writes, its cleaning up included."""
        ns = namespace(self.cluster, f"coreflow-{kind}-{turn}")
        path = f"/apis/coreflow.dev/v1alpha1/namespaces/{ns.name}/workflows"
        watch = raw.Watch(self.api, path, lambda kind, thing: thing.get("status", {}).get("state") in ENDS and thing["status"]["state"])
        before = cpu_seconds(self.pid)
        start = time.monotonic()
        self.api.create(path, workflow(kind, SHAPES[kind](count)))
        watch.until(lambda seen: kind in seen, 900)
        took = time.monotonic() - start
        assert watch.seen[kind] == "Succeeded", watch.seen
        self.api.wait_until_empty(f"/api/v1/namespaces/{ns.name}/pods")
        cpu = cpu_seconds(self.pid) - before
        writes = [e for what in ("pods", "events", "leases", "workflows", "workflowrecords") for e in self.cluster.audit(ns.name, what)
                  if account.ACCOUNT in e["user"]["username"] and e["verb"] not in ("get", "list", "watch")]
        self.clear(ns.name)
        return took, cpu, len(writes)

    def rows(self, kind, count, rounds, ratio=None, writes=None, cpu=None):
        """The shape in so many rounds, after one that doesn't count; who goes first changes. The last three are targets."""
        alike = raw.like(self.sample(kind))
        each = {"mine": lambda turn: self.coreflow(kind, count, turn),
                "same": lambda turn: self.bare(kind, count, f"same-{turn}", alike),
                "least": lambda turn: self.bare(kind, count, f"least-{turn}", raw.SMALLEST)}
        seen = []
        for turn in range(rounds + 1):
            first = turn % len(each)
            order = [*each][first:] + [*each][:first]
            seen.append({who: each[who](turn) for who in order})
        seen = seen[1:]
        took, cpus, sent = zip(*(one["mine"] for one in seen))
        what = f"{count} steps {'in a chain' if kind == 'chain' else 'at once'}, {self.nodes}"

        def against(who, target):
            ratios = sorted(mine / one[who] for mine, one in zip(took, seen))
            theirs = statistics.median(one[who] for one in seen)
            return statistics.median(ratios), "× raw", target, (
                f"{statistics.median(took):.2f} s and {theirs:.2f} s; {rounds} rounds, {ratios[0]:.2f} to {ratios[-1]:.2f}")
        return [
            row(f"{what}: time, to the same pods", *against("same", ratio)),
            row(f"{what}: time, to pods of an image and a command only", *against("least", None)),
            row(f"{what}: writes a step", statistics.median(sent) / count, "", writes),
            row(f"{what}: operator's CPU a step", 1000 * statistics.median(cpus) / count, "ms", cpu),
        ]
