"""What tests do to components: stop, start, restart, kill, pause, resume."""

import os
import signal

import components
import health
import namespaces
from process import wait_for
from state import Cluster

SECONDS = 60


def _facts(cluster: Cluster, name: str) -> dict:
    if name not in components.names(cluster):
        raise RuntimeError(f"no component {name}; there are {', '.join(components.names(cluster))}")
    return health.components(cluster)[name]


def _signal(cluster: Cluster, name: str, which: str) -> None:
    pid = _facts(cluster, name)["pid"]
    if not pid:
        raise RuntimeError(f"{name} is not running")
    namespaces.run(cluster, "kill", f"-{which}", str(pid), check=True)


def _look_at_once(cluster: Cluster) -> None:
    os.kill(namespaces.first_process(cluster).pid, signal.SIGHUP)


def stop(cluster: Cluster, name: str) -> None:
    """Ends it (SIGKILL), and it stays ended until start()."""
    _facts(cluster, name)
    (cluster.stopped / name).touch()
    _look_at_once(cluster)
    wait_for(lambda: not _facts(cluster, name)["pid"], SECONDS, f"the end of {name}", 0.01)


def start(cluster: Cluster, name: str) -> None:
    """Returns when it is ready."""
    _facts(cluster, name)
    (cluster.stopped / name).unlink(missing_ok=True)
    _look_at_once(cluster)
    wait_for(lambda: _facts(cluster, name)["ready"], SECONDS, f"{name}", 0.02)


def restart(cluster: Cluster, name: str) -> None:
    """A new process of it, ready."""
    stop(cluster, name)
    start(cluster, name)


def kill(cluster: Cluster, name: str) -> None:
    """SIGKILL; the supervisor starts it again. Returns when it is seen to be dead."""
    old = _facts(cluster, name)["pid"]
    _signal(cluster, name, "KILL")
    wait_for(lambda: _facts(cluster, name)["pid"] != old, SECONDS, f"the end of {name}", 0.01)


def pause(cluster: Cluster, name: str) -> None:
    _signal(cluster, name, "STOP")


def resume(cluster: Cluster, name: str) -> None:
    _signal(cluster, name, "CONT")


ALL = {f.__name__: f for f in (stop, start, restart, kill, pause, resume)}
