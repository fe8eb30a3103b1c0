"""What the libraries of Argo CD, Flux and Helm say of an object: tests/gitops/verdicts, built with Go."""
import functools
import json
import os
import subprocess
import tempfile

from harness import paths

SOURCE = os.path.join(os.path.dirname(__file__), "verdicts")


@functools.cache
def program():
    """Built once a session; Go keeps what it compiled in a cache of its own."""
    go = subprocess.run([os.path.join(paths.ROOT, "hack/cluster/binaries/go")], check=True, capture_output=True, text=True).stdout.strip()
    folder = tempfile.TemporaryDirectory(prefix="coreflow-verdicts-")
    done = subprocess.run([go, "build", "-trimpath", "-buildvcs=false", "-o", folder.name, "."], cwd=SOURCE, check=False, text=True,
                          capture_output=True, env={**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off"})
    assert done.returncode == 0, done.stderr
    return folder


def ask(thing, *arguments):
    done = subprocess.run([os.path.join(program().name, "verdicts"), *arguments], input=json.dumps(thing), capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def kstatus(thing):
    return ask(thing, "kstatus")


def lua(script, thing):
    return ask(thing, "lua", str(script))
