"""Large artifacts of `coreflow dev`: how fast they go beside a plain copy and SHA-256 of the same bytes, and in what memory."""
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time

from laptop import Dev, timed
from rows import row
from shapes import mebibytes

GIB = 1 << 30


def workflow(folder, file):
    """One step leaves a file that is there already, another takes it."""
    leave = {"name": "leave", "command": ["true"], "volumeMounts": [{"name": "data", "mountPath": "/data", "readOnly": True}],
             "outputArtifacts": [{"name": "file", "path": "/data/" + file}]}
    take = {"name": "take", "command": ["true"],
            "inputs": {"artifacts": [{"name": "file", "path": "/taken", "from": "steps.leave.artifacts.file"}]}}
    pod = {"volumes": [{"name": "data", "hostPath": {"path": folder}}]}
    return json.dumps({"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"generateName": "large-"},
                       "spec": {"defaults": {"image": "none", "pod": pod}, "steps": [leave, take]}})


class Peaks:
    """The most memory that each program had, in MiB, while it is watched."""

    def __init__(self, dev):
        self.found = dict.fromkeys(("dev", "courier", "coreflow-exec"), 0.0)
        self._dev = dev.process.pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self._thread.start()
        return self.found

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _watch(self):
        while not self._stop.wait(0.2):
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    with open(f"/proc/{pid}/cmdline", encoding="utf-8", errors="replace") as line:
                        words = [*line.read().split("\0"), ""]
                    name = os.path.basename(words[0])
                    if name == "coreflow":
                        name = "dev" if int(pid) == self._dev else words[1]
                    if name in self.found:
                        self.found[name] = max(self.found[name], mebibytes(int(pid), "VmHWM"))
                except (OSError, StopIteration):
                    pass  # it has ended


def plain(source, target):
    """Seconds that a copy to the disk and SHA-256 take."""
    began = time.monotonic()
    subprocess.run(["dd", f"if={source}", f"of={target}", "bs=1M", "conv=fsync", "status=none"], check=True)
    subprocess.run(["openssl", "dgst", "-sha256", source], check=True, stdout=subprocess.DEVNULL)
    took = time.monotonic() - began
    os.unlink(target)
    return took


def speed(home, folder):
    """How many times as long as plain copies a file takes that goes out of one step and into another."""
    ratios = []
    for n in range(3):
        large, small = os.path.join(folder, f"large-{n}"), os.path.join(folder, f"small-{n}")
        with open(large, "wb") as file:
            file.write(os.urandom(1 << 20) * 1024)
        with open(small, "w", encoding="ascii") as file:
            file.write(str(n))
        with Dev(home, f"--allow-host-path={folder}") as dev:
            both = [timed(home, "run", "-", "--wait", dev.kubeconfig, stdin=workflow(folder, os.path.basename(name)))
                    for name in (small, large)]
        ratios.append((both[1] - both[0]) / (plain(large, large + "-copy") + plain(large, large + "-copy")))
        os.unlink(large)
        shutil.rmtree(f"{home}/dev")
    return statistics.median(ratios)


def rows():
    home = tempfile.mkdtemp(prefix="coreflow-bench-")
    folder = os.path.join(home, "data")
    os.makedirs(folder)
    try:
        slower = speed(home, folder)
        with open(os.path.join(folder, "ten"), "wb") as file:
            file.truncate(10 * GIB)
        with Dev(home, f"--allow-host-path={folder}") as dev, Peaks(dev) as peaks:
            timed(home, "run", "-", "--wait", dev.kubeconfig, stdin=workflow(folder, "ten"))
        return [row("1 GiB out of a step and into another: time, to two plain copies with SHA-256", slower, "× plain", 1.25),
                row("10 GiB out of a step and into another: memory of the courier", peaks["courier"], "MiB", 64),
                row("10 GiB out of a step and into another: memory of coreflow-exec", peaks["coreflow-exec"], "MiB", 64),
                row("10 GiB out of a step and into another: memory of the data service, `coreflow dev`", peaks["dev"], "MiB", 64)]
    finally:
        shutil.rmtree(home)
