"""Running a command inside a cluster's namespaces."""

import subprocess

from process import Process
from state import Cluster


def first_process(cluster: Cluster) -> Process | None:
    """The supervisor, while it lives: it holds the namespaces."""
    process = Process.read(cluster.folder / "first-process")
    return process if process and process.alive() else None


def command(cluster: Cluster, *arguments: str) -> list[str]:
    """The pid namespace too, or the /proc in there is another's; the root, as it may be a chroot."""
    first = first_process(cluster)
    if not first:
        raise RuntimeError(f"cluster {cluster.name} is not up")
    return ["nsenter", f"--target={first.pid}", "--net", "--mount", "--pid", "--root",
            *map(str, arguments)]


def run(cluster: Cluster, *arguments: str, **keywords) -> subprocess.CompletedProcess:
    return subprocess.run(command(cluster, *arguments), **keywords)
