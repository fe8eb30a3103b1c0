"""Outside the namespaces: makes them, runs the supervisor in them, and cleans up when they end.

The namespaces end with the supervisor, whatever killed it, and the supervisor ends with the keeper.
Only the empty cgroup folders need a hand after that.
"""

import ctypes
import signal
import subprocess
import sys
from pathlib import Path

import cgroups
from process import Process, only_child, wait_for
from state import Cluster, load_folder, write_whole


def _die_with_parent() -> None:
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(cluster: Cluster) -> subprocess.Popen:
    supervisor = Path(__file__).with_name("supervisor.py")
    return subprocess.Popen(
        ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child",
         sys.executable, str(supervisor), str(cluster.folder)],
        preexec_fn=_die_with_parent)


def connect(cluster: Cluster, pid: int) -> None:
    """A cable between the host and the namespaces; both ends go when the namespaces go."""
    def ip(*arguments: str) -> None:
        subprocess.run(["ip", *arguments], check=True)

    ip("link", "add", cluster.interface, "type", "veth", "peer", "name", "eth0", "netns", str(pid))
    ip("address", "add", f"{cluster.host_address}/30", "dev", cluster.interface)
    ip("link", "set", cluster.interface, "up")
    ip("route", "add", f"{cluster.pods}.0/24", "via", cluster.address)


def main() -> None:
    cluster = load_folder(Path(sys.argv[1]))
    cgroups.create(cluster.cgroup)
    unshare = start(cluster)
    first = wait_for(lambda: only_child(unshare.pid), 10, "the first process", 0.005)
    # Its namespaces were made before it was.
    write_whole(cluster.folder / "first-process", str(Process.of(first)))
    try:
        connect(cluster, first)
    except subprocess.CalledProcessError:
        unshare.kill()
    unshare.wait()
    cgroups.release(cluster)


main()
