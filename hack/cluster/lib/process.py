"""Processes by number and start time, so that a reused number is not taken for the old one."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path


def _stat(pid: int) -> list[str]:
    """Fields 3 and up of /proc/PID/stat; the name in field 2 may hold anything."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


@dataclass(frozen=True)
class Process:
    pid: int
    started: int

    @staticmethod
    def of(pid: int) -> "Process":
        return Process(pid, int(_stat(pid)[19]))

    @staticmethod
    def read(path: Path) -> "Process | None":
        try:
            return Process(*map(int, path.read_text().split()))
        except (FileNotFoundError, ValueError, TypeError):
            return None

    def __str__(self) -> str:
        return f"{self.pid} {self.started}"

    def alive(self) -> bool:
        try:
            fields = _stat(self.pid)
        except (FileNotFoundError, ProcessLookupError):
            return False
        return int(fields[19]) == self.started and fields[0] not in "ZX"

    def kill(self, seconds: float = 30) -> None:
        """SIGKILL, and waits until it is gone."""
        if self.alive():
            os.kill(self.pid, signal.SIGKILL)
        wait_for(lambda: not self.alive(), seconds, f"the end of process {self.pid}", 0.01)


def only_child(pid: int) -> int | None:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return int(children[0]) if children else None


def wait_for(condition, seconds: float, what: str, pause: float = 0.05):
    """The condition's first true value; TimeoutError when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s for {what}")
        time.sleep(pause)
    return value
