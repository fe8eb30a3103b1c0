"""The chart, as helm sees it: for checks of what it installs."""
import os
import subprocess


def helm(root, verb, *arguments):
    """Runs `helm lint` or `helm template` on the chart; what became of it."""
    programs = subprocess.run([os.path.join(root, "hack/cluster/binaries/build"), "helm"], capture_output=True, text=True,
                              check=True).stdout.strip()
    release = ["coreflow"] if verb == "template" else []
    return subprocess.run([os.path.join(programs, "helm"), verb, *release, os.path.join(root, "charts/coreflow"),
                           "--kube-version", "1.34.4", *arguments], capture_output=True, text=True, check=False)


def serving(namespaces):
    """The arguments for an install that serves those namespaces; none: all."""
    return ["--set", "namespaces={" + ",".join(namespaces) + "}"] if namespaces else []
