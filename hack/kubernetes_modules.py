"""For generators that read Kubernetes' own sources: where these are, and how what they make is written."""
import json
import pathlib
import subprocess
import sys

VERSION = "v1.34.4"
LIBRARIES = "v0.34.4"  # of Kubernetes' libraries of that version
ROOT = pathlib.Path(__file__).resolve().parent.parent


def module(path, version):
    """The folder of a Go module, which is downloaded if it is not there."""
    go = subprocess.run([ROOT / "hack/cluster/binaries/go"], check=True, capture_output=True, text=True).stdout.strip()
    made = subprocess.run([go, "mod", "download", "-json", f"{path}@{version}"], check=True, capture_output=True, text=True,
                          cwd="/")
    return pathlib.Path(json.loads(made.stdout)["Dir"])


def openapi(name, version=VERSION):
    """The schemas of one of Kubernetes' OpenAPI documents."""
    document = module("k8s.io/kubernetes", version) / "api/openapi-spec/v3" / f"{name}_openapi.json"
    return json.loads(document.read_text(encoding="utf-8"))["components"]["schemas"]


def write(path, text):
    """Writes what was generated; with --check on the command line, only compares it."""
    out = ROOT / path
    if out.exists() and out.read_text(encoding="utf-8") == text:
        return
    if "--check" in sys.argv[1:]:
        raise SystemExit(f"stale, run {sys.argv[0]}: {path}")
    out.write_text(text, encoding="utf-8")
    print(f"written: {path}")
