"""`coreflow` on one machine, without a cluster: what a user waits for, and what it takes."""
import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time

from harness import paths
from rows import row
from shapes import mebibytes

EMPTY = {"command": ["true"], "image": "none"}


def chain(name, length, **more):
    steps = [{"name": f"s{n}", **EMPTY, **({"dependsOn": [f"s{n - 1}"]} if n else {}), **more} for n in range(length)]
    return {"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"generateName": name + "-"},
            "spec": {"steps": steps}}


def cached(shape, name, length):
    """Steps with a cache, in a chain or all at once."""
    workflow = chain(name, length)
    workflow["metadata"] = {"name": name}
    workflow["spec"]["defaults"] = {"cache": {"mode": "Auto"}}
    for n, step in enumerate(workflow["spec"]["steps"]):
        step["args"] = [f"{shape}-{n}"]
        if shape == "wide":
            step.pop("dependsOn", None)
    return json.dumps(workflow)


def hits(home, dev, shape):
    """Seconds that a run of 1,000 steps takes whose results are all there."""
    learn = {**chain("learn", 1), "spec": {"steps": [{"name": "learn", **EMPTY, "cache": {"mode": "Auto"}}]}}
    timed(home, "run", "-", "--wait", dev.kubeconfig, stdin=json.dumps(learn))
    timed(home, "run", "-", "--wait", dev.kubeconfig, stdin=cached(shape, f"{shape}-cold", 1000))
    timed(home, "run", "-", "--wait", dev.kubeconfig, stdin=cached(shape, f"{shape}-warm", 1000))
    return statistics.median(timed(home, "rerun", f"{shape}-warm", "--wait", dev.kubeconfig) for _ in range(5))


def many(count):
    step = {"name": "each", **EMPTY, "forEach": {"items": "params.list"}}
    spec = {"parameters": [{"name": "list", "type": "Array", "default": [1] * count}], "steps": [step]}
    workflow = {"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": "many"}, "spec": spec}
    return {"apiVersion": "coreflow.dev/v1alpha1", "kind": "WorkflowTest", "workflow": workflow,
            "cases": [{"name": "all", "expect": {"steps": {"each": {"items": count}}}}]}


def timed(home, *arguments, stdin=""):
    """Seconds."""
    environment = {"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home}
    began = time.monotonic()
    done = subprocess.run([paths.COREFLOW, *arguments], input=stdin, capture_output=True, text=True, cwd=paths.ROOT,
                          env=environment, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return time.monotonic() - began


class Dev:
    """`coreflow dev` with a state of its own."""

    def __init__(self, home, *options):
        began = time.monotonic()
        self.process = subprocess.Popen([paths.COREFLOW, "dev", "--port=0", f"--data={home}/dev", *options], stderr=subprocess.PIPE,
                                        env={"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home}, text=True)
        while not re.search(r"http://127\.0\.0\.1:\d+", self.process.stderr.readline()):
            assert self.process.poll() is None, "it ended by itself"
        self.ready = time.monotonic() - began
        self.kubeconfig = f"--kubeconfig={home}/dev/kubeconfig"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate()


def empty_step(home, dev):
    """Seconds from step to step of a chain, the median of some."""
    def run(length):
        return timed(home, "run", "-", "--wait", dev.kubeconfig, stdin=json.dumps(chain("chain", length)))

    return statistics.median((run(101) - run(1)) / 100 for _ in range(9))


def artifact_cost(home, dev):
    """Seconds more that a step takes when it leaves a small file."""
    def run(**more):
        return timed(home, "run", "-", "--wait", dev.kubeconfig, stdin=json.dumps(chain("leaves", 20, **more)))

    leaves = {"outputArtifacts": [{"name": "file", "path": "/etc/hostname"}]}
    return statistics.median((run(**leaves) - run()) / 20 for _ in range(9))


def look_up(home):
    """Seconds that the step cache takes for one of many look-ups, the median of some."""
    program = os.path.join(paths.ROOT, "build/release/tests/bench/coreflow-cache-look-ups")

    def run(n):
        return float(subprocess.run([program, f"{home}/store-{n}", "2000", "50000"], capture_output=True, text=True, check=True).stdout)

    return statistics.median(run(n) for n in range(5))


def stripped_size():
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "coreflow")
        subprocess.run(["strip", "-o", copy, paths.COREFLOW], check=True)
        return os.path.getsize(copy) / (1 << 20)


def rows():
    home = tempfile.mkdtemp(prefix="coreflow-bench-")
    try:
        starts = []
        for _ in range(9):
            with Dev(home) as dev:
                starts.append(dev.ready)
        with Dev(home) as dev:
            idle = mebibytes(dev.process.pid, "VmRSS")
            step = empty_step(home, dev)
            used = mebibytes(dev.process.pid, "VmRSS")
            artifact = artifact_cost(home, dev)
            chained, wide = hits(home, dev, "chain"), hits(home, dev, "wide")
        example = os.path.join(paths.EXAMPLES, "licence-words.yaml")
        quick = timed(home, "run", example, "--local", "--allow-host-path", "/usr/share/common-licenses", "--wait")
        rehearsed = statistics.median(timed(home, "test", "-", stdin=json.dumps(many(10_000))) for _ in range(3))
        return [row("`coreflow dev`, from its start until it serves", statistics.median(starts) * 1000, "ms", 300),
                row("`coreflow dev`, memory, idle", idle, "MiB", 60),
                row("`coreflow dev`, memory, after 900 steps", used, "MiB"),
                row("`coreflow`, stripped", stripped_size(), "MiB", 40),
                row("an empty step of a chain as a process", step * 1000, "ms", 10),
                row("what an artifact that it leaves adds to that", artifact * 1000, "ms", 50),
                row("1,000 steps of a chain, all in the step cache", chained, "s", 1),
                row("1,000 steps at once, all in the step cache", wide, "s", 1),
                row("a look-up in the step cache, of 50,000", look_up(home) * 1e6, "µs", 50),
                row("the quick start's run, `run --local`", quick, "s", 5),
                row("`coreflow test`, 10,000 steps", rehearsed, "s", 5)]
    finally:
        shutil.rmtree(home)
