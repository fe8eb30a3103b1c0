"""What the chart installs, as manifests."""
import os
import subprocess

from harness import paths

CHART = os.path.join(paths.ROOT, "charts/coreflow")


def rendered(namespace, template, version="1.34.4"):
    """One of the chart's templates, for an install in that namespace."""
    programs = subprocess.run([paths.PROGRAMS, "helm"], capture_output=True, text=True, check=True).stdout.strip()
    done = subprocess.run([os.path.join(programs, "helm"), "template", "coreflow", CHART, "--namespace", namespace,
                           "--kube-version", version, "--show-only", f"templates/{template}"],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
