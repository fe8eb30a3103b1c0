"""Bringing a cluster up and tearing it down."""

import os
import shutil
import string
import subprocess
import sys
from pathlib import Path

import certificates
import cgroups
import health
import images
from process import Process, wait_for
from state import Cluster, Options, folder_of, load, lock

HACK = Path(__file__).resolve().parent.parent
INTERFACES = Path("/sys/class/net")

# All that the components see of the caller's environment: a proxy in it would break webhooks.
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
}


def up(name: str, options: Options) -> Cluster:
    with lock(name):
        cluster = load(name)
        if cluster and cluster.complete.exists() and health.well(cluster):
            if cluster.options != options:
                raise RuntimeError(f"cluster {name} is up with other options: {cluster.options}")
            return cluster
        if cluster:
            _tear_down(cluster)
        subprocess.run([HACK / "install-deps.sh"], check=True, stdout=sys.stderr)
        programs = subprocess.run([HACK / "binaries" / "build"], check=True, text=True,
                                  stdout=subprocess.PIPE).stdout.strip()
        archives = [] if options.kwok else images.for_tests()
        cluster = _create(name, options, Path(programs))
        try:
            _furnish(cluster)
            _start(cluster)
            health.wait_until_well(cluster, archives)
            cluster.complete.touch()
        except BaseException:
            _stop(cluster)
            raise
        return cluster


def down(name: str) -> None:
    with lock(name):
        cluster = load(name)
        if cluster:
            _tear_down(cluster)
        else:
            shutil.rmtree(folder_of(name), ignore_errors=True)


def _create(name: str, options: Options, programs: Path) -> Cluster:
    """An empty folder with a claim on a slot in it."""
    folder = folder_of(name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    cluster = Cluster(name, folder, options, 0, programs)
    # Free is what has no cgroup, and no interface either: one may outlive the other for a moment.
    for cluster.slot in range(256):
        if not (INTERFACES / cluster.interface).exists() and cgroups.claim(cluster):
            cluster.save()
            return cluster
    shutil.rmtree(folder)
    raise RuntimeError("256 clusters are up on this machine; take one down")


def _furnish(cluster: Cluster) -> None:
    """Everything that the components read."""
    folder = cluster.folder
    for path in (cluster.data, cluster.logs, cluster.stopped, folder / "cni"):
        path.mkdir()
    (folder / "bin").symlink_to(cluster.programs)
    certificates.make(cluster)
    values = {"folder": folder, "data": cluster.data, "pods": cluster.pods,
              "cgroup": cluster.cgroup}
    for source in (HACK / "config").iterdir():
        text = source.read_text()
        if source.name != "kwok-stages.yaml":  # which has dollars of its own
            text = string.Template(text).substitute(values)
        target = folder / "cni" if source.suffix == ".conflist" else folder
        (target / source.name).write_text(text)


def _start(cluster: Cluster) -> None:
    for folder in ("/var/lib/cni", "/var/lib/kubelet"):  # something is mounted there, inside
        os.makedirs(folder, exist_ok=True)
    with open(cluster.logs / "keeper.log", "ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("keeper.py"), cluster.folder],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=ENVIRONMENT,
            start_new_session=True)
    (cluster.folder / "keeper").write_text(str(Process.of(keeper.pid)))


def _stop(cluster: Cluster) -> None:
    """Ends every process of the cluster; nothing of it is left on the machine but its folder."""
    first = Process.read(cluster.folder / "first-process")
    if first:
        first.kill()
    keeper = Process.read(cluster.folder / "keeper")
    if keeper:
        keeper.kill()
    if cluster.claim.exists():
        wait_for(lambda: not (INTERFACES / cluster.interface).exists(), 10, "the network's end")
        cgroups.release(cluster)


def _tear_down(cluster: Cluster) -> None:
    _stop(cluster)
    shutil.rmtree(cluster.folder)
