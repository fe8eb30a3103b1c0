"""What the chart installs, as manifests; and helm itself."""
import os
import subprocess

from harness import paths

CHART = os.path.join(paths.ROOT, "charts/coreflow")


def documented(beginning):
    """The words of the one command of docs/install.md that begins so, without those."""
    with open(os.path.join(paths.ROOT, "docs/install.md"), encoding="utf-8") as page:
        (command,) = {line.strip() for line in page if line.startswith(f"    {beginning} ") and line.rstrip()[-1] != "\\"}
    return [os.path.join(paths.ROOT, word) if word.startswith("charts/") else word
            for word in command.removeprefix(beginning).split()]


def helm(*arguments, program="helm", env=None):
    """What helm, or helm4, prints; fails when it does."""
    programs = subprocess.run([paths.PROGRAMS, program], capture_output=True, text=True, check=True).stdout.strip()
    done = subprocess.run([os.path.join(programs, program), *arguments], capture_output=True, text=True, check=False, env=env)
    assert done.returncode == 0, f"helm {' '.join(arguments)}: {done.stdout}{done.stderr}"
    return done.stdout


def rendered(namespace, *templates, namespaces=(), version="1.34.4", asked=()):
    """Some of the chart's templates, for an install in `namespace` that serves those namespaces, or all; the values `asked` are
    true."""
    shown = [f"--show-only=templates/{template}" for template in templates]
    served = ["--set", "namespaces={" + ",".join(namespaces) + "}"] if namespaces else []
    values = [word for value in asked for word in ("--set", f"{value}=true")]
    return helm("template", "coreflow", CHART, "--namespace", namespace, "--kube-version", version, *served, *values, *shown)
