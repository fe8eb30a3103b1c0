"""What a cluster may leave on a machine, looked for. For the self-test."""

import subprocess
from pathlib import Path

from inside import MACHINE_WIDE
from namespaces import first_process
from state import Cluster

NAMESPACES = ("net", "mnt", "pid")


def namespaces_of(cluster: Cluster) -> set[str]:
    first = first_process(cluster)
    return {str(Path(f"/proc/{first.pid}/ns/{n}").readlink()) for n in NAMESPACES}


def machine() -> dict[str, str]:
    """What only a leak changes: nothing else on a machine at rest does, other clusters included."""
    def run(*command: str) -> str:
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    facts = {f"sysctl {n}": Path("/proc/sys", n).read_text() for n in MACHINE_WIDE}
    facts["ip_forward"] = Path("/proc/sys/net/ipv4/ip_forward").read_text()
    facts["mounts"] = Path("/proc/self/mounts").read_text()
    facts["rules"] = "\n".join(line for line in run("iptables-save").splitlines()
                               if not line.startswith(("#", ":")))
    facts["routing rules"] = run("ip", "rule")
    for folder in ("/run", "/var/log", "/var/lib/cni", "/var/lib/kubelet", "/run/netns",
                   "/run/containerd", "/var/lib/containerd", "/var/log/containers", "/etc/cni"):
        found = Path(folder)
        facts[folder] = str(sorted(p.name for p in found.iterdir())) if found.is_dir() else "none"
    return facts


def of(cluster: Cluster, spaces: set[str], before: dict[str, str]) -> list[str]:
    """What is left of a cluster that had these namespaces, on a machine that was so before it."""
    now = machine()
    found = [f"{what} was {old!r}, is {now[what]!r}"
             for what, old in before.items() if now[what] != old]
    for process in Path("/proc").glob("[0-9]*"):
        for namespace in NAMESPACES:
            try:
                if str((process / "ns" / namespace).readlink()) in spaces:
                    found.append(f"process {process.name}: {(process / 'cmdline').read_text()!r}")
            except OSError:
                pass  # it has just ended
    if Path("/sys/class/net", cluster.interface).exists():
        found.append(f"interface {cluster.interface}")
    routes = subprocess.run(["ip", "route", "show", "table", "all"], capture_output=True, text=True)
    if f"{cluster.pods}.0/24" in routes.stdout:
        found.append(f"a route to {cluster.pods}.0")
    hierarchies = [Path("/sys/fs/cgroup"), *Path("/sys/fs/cgroup").iterdir()]
    return found + [f"cgroup {h}" for h in hierarchies if (h / cluster.cgroup).exists()]
