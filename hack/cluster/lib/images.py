"""Images into the node's containerd. There is no registry: what was not loaded can't be run."""

import subprocess
from pathlib import Path

import namespaces
from state import Cluster

BUILD = Path(__file__).resolve().parents[2] / "image" / "build"


def for_tests() -> list[Path]:
    """The archives of the images that every node starts with."""
    done = subprocess.run([BUILD], check=True, text=True, stdout=subprocess.PIPE)
    return [Path(line) for line in done.stdout.splitlines()]


def load(cluster: Cluster, archive: Path) -> str:
    """Loads a docker or OCI archive, read here as paths differ inside; says what it loaded."""
    with open(archive, "rb") as file:
        done = namespaces.run(cluster, "ctr", "--namespace=k8s.io", "images", "import", "-",
                              stdin=file, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"loading {archive}: {done.stderr.strip()}")
    return done.stdout
