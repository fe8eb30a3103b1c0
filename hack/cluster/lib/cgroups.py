"""The cgroup folders that hold a cluster's pods, in every hierarchy of v1 or the one of v2."""

import os
import time
from pathlib import Path

from state import Cluster

MOUNT = Path("/sys/fs/cgroup")


def _hierarchies() -> list[Path]:
    if (MOUNT / "cgroup.controllers").exists():
        return [MOUNT]
    return [f for f in MOUNT.iterdir() if (f / "cgroup.procs").exists() and not f.is_symlink()]


def claim(cluster: Cluster) -> bool:
    """False when somebody has the slot: a folder is made by one only, whatever his cache."""
    try:
        (sorted(_hierarchies())[0] / cluster.cgroup).mkdir()
    except FileExistsError:
        return False
    cluster.claim.touch()
    return True


def release(cluster: Cluster) -> None:
    """Removes the folders, once: after that the slot may be another cluster's."""
    if cluster.claim.exists():
        remove(cluster.cgroup)
        cluster.claim.unlink()


def create(name: str) -> None:
    for hierarchy in _hierarchies():
        folder = hierarchy / name
        folder.mkdir(exist_ok=True)
        for file in ("cpuset.cpus", "cpuset.mems"):  # v1: no process may enter while they are empty
            if (folder / file).exists() and hierarchy != MOUNT:
                (folder / file).write_text((hierarchy / file).read_text())
        if hierarchy == MOUNT:
            _delegate(hierarchy)
            _delegate(folder)


def _delegate(folder: Path) -> None:
    """v2: a folder's children have only the controllers that it hands down."""
    for controller in (folder / "cgroup.controllers").read_text().split():
        try:
            (folder / "cgroup.subtree_control").write_text(f"+{controller}")
        except OSError:
            pass  # a controller that can't be handed down is one the kubelet does without


def remove(name: str, seconds: float = 10) -> None:
    """Removes the folders; the processes in them must be dead or dying."""
    deadline = time.monotonic() + seconds
    for hierarchy in _hierarchies():
        while not _remove_tree(hierarchy / name):
            if time.monotonic() > deadline:
                raise TimeoutError(f"cgroup {hierarchy / name} is still in use")
            time.sleep(0.02)


def _remove_tree(folder: Path) -> bool:
    """True when nothing of it is left."""
    for path, _, _ in os.walk(folder, topdown=False):
        try:
            os.rmdir(path)
        except FileNotFoundError:
            pass
        except OSError:
            return False
    return True
