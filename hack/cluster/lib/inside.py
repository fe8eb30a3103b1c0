"""Makes the new namespaces fit to live in: folders and sysctls of their own, the network."""

import subprocess
from pathlib import Path

from process import wait_for
from state import SERVICES, Cluster

# Places that the programs insist on. With memory of our own there, the host's are left alone.
PRIVATE = ("/run", "/var/log", "/var/lib/cni", "/var/lib/kubelet")

# The kubelet sets these for the whole machine (a panic would restart it). It gets files instead.
MACHINE_WIDE = ("vm/overcommit_memory", "vm/panic_on_oom", "kernel/panic", "kernel/panic_on_oops",
                "kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes")


def run(*command: str) -> None:
    subprocess.run(command, check=True)


def prepare(cluster: Cluster) -> None:
    for folder in (*PRIVATE, str(cluster.data)):
        run("mount", "-t", "tmpfs", "-o", "mode=0755", "coreflow", folder)
    Path("/run/netns").mkdir()
    if not cluster.options.kwok:
        _own_sysctls(cluster.data / "sysctl")
    _network(cluster)


def _own_sysctls(folder: Path) -> None:
    for name in MACHINE_WIDE:
        real = Path("/proc/sys", name)
        if real.exists():
            copy = folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(real.read_text())
            run("mount", "--bind", str(copy), str(real))


def _network(cluster: Cluster) -> None:
    """No default route: nothing in here can reach past the host's end of the cable."""
    interfaces = Path("/proc/net/dev")
    wait_for(lambda: "eth0:" in interfaces.read_text(), 10, "the cable from the host", 0.01)
    run("ip", "link", "set", "lo", "up")
    run("ip", "address", "add", f"{cluster.address}/30", "dev", "eth0")
    run("ip", "link", "set", "eth0", "up")
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    if cluster.options.kwok:
        return
    # A Service's address needs a route, or connect() fails before kube-proxy's rules are asked.
    run("ip", "link", "add", "cf-pods", "type", "bridge")
    run("ip", "address", "add", f"{cluster.pods}.1/24", "dev", "cf-pods")
    run("ip", "link", "set", "cf-pods", "up")
    run("ip", "route", "add", f"{SERVICES}.0/16", "dev", "cf-pods")
