"""The first process in a cluster's namespaces: starts and restarts components, reaps orphans.

When it ends, the kernel ends everything in the namespaces. A file `stopped/COMPONENT` keeps a
component stopped; SIGHUP makes it look at once. What it sees stands in status.json.
"""

import json
import os
import select
import signal
import ssl
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import components
import inside
from state import Cluster, load_folder, write_whole

TICK = 0.1  # between looks at what is not ready yet
HEALTH_EVERY = 2.0  # between looks at what is
BACKOFF = (0.1, 0.5, 1, 2, 5)

_ANYONE = ssl._create_unverified_context()


class Watched:
    """One component, and the process that it is at the moment."""

    def __init__(self, cluster: Cluster, component: components.Component):
        self.component = component
        self.stop_file = cluster.stopped / component.name
        self.log = cluster.logs / f"{component.name}.log"
        self.process: subprocess.Popen | None = None
        self.ready = False
        self.starts = 0
        self.failures = 0  # ends in a row without having been ready
        self.look_again = 0.0
        self.start_again = 0.0

    def start(self) -> None:
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.component.command, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, cwd="/", start_new_session=True)
        self.starts += 1
        self.look_again = 0.0

    def ended(self, code: int) -> None:
        with open(self.log, "a") as log:
            log.write(f"---- {self.component.name} ended: {code}\n")
        self.failures = 0 if self.ready else self.failures + 1
        delay = BACKOFF[min(self.failures, len(BACKOFF) - 1)]
        self.process, self.ready, self.start_again = None, False, time.monotonic() + delay

    def look(self) -> None:
        if self.process and time.monotonic() >= self.look_again:
            self.ready = healthy(self.component.ready)
            self.look_again = time.monotonic() + (HEALTH_EVERY if self.ready else TICK)

    def step(self, is_ready) -> None:
        """One move towards what is wanted."""
        if self.stop_file.exists():
            if self.process:
                self.process.kill()
        elif self.process:
            self.look()
        elif time.monotonic() >= self.start_again and all(map(is_ready, self.component.after)):
            self.start()


def healthy(check: str) -> bool:
    if not check.startswith("http"):
        return subprocess.run(check, shell=True, capture_output=True).returncode == 0
    try:
        with urllib.request.urlopen(check, timeout=1, context=_ANYONE) as answer:
            return answer.status == 200
    except OSError:
        return False


class Supervisor:
    def __init__(self, cluster: Cluster):
        self.status_file = cluster.folder / "status.json"
        self.watched = {c.name: Watched(cluster, c) for c in components.of(cluster)}
        self.written = ""

    def reap(self) -> None:
        """Orphans of the shims come to this process too, so it waits for any child."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for watched in self.watched.values():
                if watched.process and watched.process.pid == pid:
                    watched.process.returncode = 0  # collected: Popen must not wait for it again
                    watched.ended(os.waitstatus_to_exitcode(status))

    def write_status(self) -> None:
        text = json.dumps({
            name: {"pid": w.process.pid if w.process else 0, "ready": w.ready, "starts": w.starts}
            for name, w in self.watched.items()
        })
        if text != self.written:
            write_whole(self.status_file, text)
            self.written = text

    def run(self, wake_up: int) -> None:
        while True:
            self.reap()
            for watched in self.watched.values():
                watched.step(lambda name: self.watched[name].ready)
            self.write_status()
            if select.select([wake_up], [], [], TICK)[0]:
                os.read(wake_up, 4096)


def wake_up_pipe() -> int:
    """Can be read after SIGCHLD or SIGHUP. Blocking them instead would bind the children too."""
    reading, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return reading


def main() -> None:
    cluster = load_folder(Path(sys.argv[1]))
    wake_up = wake_up_pipe()
    inside.prepare(cluster)
    Supervisor(cluster).run(wake_up)


main()
