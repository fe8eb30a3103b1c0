"""What is known about one cluster: its folder, its options, its addresses."""

import contextlib
import fcntl
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

NODE = "node-1"
SERVICES = "10.96.0"  # the Services' network is this with .0/16


def root() -> Path:
    """The folder of all clusters of this user."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(cache, "coreflow", "clusters")


@dataclass
class Options:
    """What `up` was asked for. A healthy cluster with other options is not reused."""

    kwok: int = 0  # simulated nodes; 0 is one real node
    flags: list[str] = field(default_factory=list)  # "COMPONENT:--flag=value"


@dataclass
class Cluster:
    name: str
    folder: Path
    options: Options
    slot: int  # unique on this machine; addresses, interfaces and cgroups are named by it
    programs: Path  # kube-apiserver, kubectl …

    # 198.18.0.0/15 is set aside for benchmarks: nothing real is ever there.
    @property
    def host_address(self) -> str:
        return f"198.18.{self.slot}.1"

    @property
    def address(self) -> str:
        """The cluster's, and its node's, end of the cable to the host."""
        return f"198.18.{self.slot}.2"

    @property
    def pods(self) -> str:
        return f"198.19.{self.slot}"  # the pods' network is this with .0/24

    @property
    def interface(self) -> str:
        return f"cf{self.slot}"

    @property
    def cgroup(self) -> str:
        return f"coreflow-cluster-{self.slot}"

    @property
    def server(self) -> str:
        return f"https://{self.address}:6443"

    @property
    def data(self) -> Path:
        return self.folder / "data"  # memory of the namespaces' own: gone with them

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def audit_log(self) -> Path:
        return self.folder / "audit.log"

    @property
    def kubeconfig(self) -> Path:
        return self.folder / "kubeconfig"

    @property
    def stopped(self) -> Path:
        return self.folder / "stopped"  # a file here, named after a component, keeps it stopped

    @property
    def claim(self) -> Path:
        return self.folder / "claim"  # is there while the slot, and what is named by it, is ours

    @property
    def complete(self) -> Path:
        return self.folder / "complete"  # is there once `up` has come to its end

    def save(self) -> None:
        text = {"options": vars(self.options), "slot": self.slot, "programs": str(self.programs)}
        write_whole(self.folder / "cluster.json", json.dumps(text))


def folder_of(name: str) -> Path:
    if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?", name):
        raise ValueError(f"not a cluster name: {name!r} (lower-case letters, digits, dashes)")
    return root() / name


def load(name: str) -> Cluster | None:
    return load_folder(folder_of(name))


def load_folder(folder: Path) -> Cluster | None:
    try:
        text = json.loads((folder / "cluster.json").read_text())
    except (FileNotFoundError, NotADirectoryError):
        return None
    return Cluster(
        name=folder.name,
        folder=folder,
        options=Options(**text["options"]),
        slot=text["slot"],
        programs=Path(text["programs"]),
    )


def load_all() -> list[Cluster]:
    folders = sorted(root().iterdir()) if root().is_dir() else []
    return [c for c in map(load_folder, folders) if c]


def write_whole(path: Path, text: str) -> None:
    """Readers see the old text or the new, never a part."""
    part = path.with_name(path.name + ".part")
    part.write_text(text)
    part.rename(path)


@contextlib.contextmanager
def lock(name: str):
    """Holds the machine-wide lock called `name`, waiting for whoever has it."""
    path = folder_of(name).with_name(f"{name}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
