"""A shell of somebody who does what the documentation says: its kubectl, helm and coreflow are those of this tree."""
import os
import shutil
import subprocess

from harness import paths


class Shell:
    """Runs scripts in bash, which ends at the first command that fails. Knows one cluster; its home is a folder of its own."""

    def __init__(self, home, kubeconfig):
        programs = subprocess.run([paths.PROGRAMS, "kubernetes", "helm"], capture_output=True, text=True, check=True).stdout.strip()
        os.makedirs(home)
        for name, program in (("coreflow", paths.COREFLOW), ("kubectl", f"{programs}/kubectl"), ("helm", f"{programs}/helm")):
            os.symlink(program, os.path.join(home, name))
        config = shutil.copy(kubeconfig, os.path.join(home, "kubeconfig"))
        self.variables = {"PATH": f"{home}:{os.environ['PATH']}", "HOME": str(home), "TMPDIR": str(home), "KUBECONFIG": config}

    def done(self, script, cwd=paths.ROOT, allowed=(0,), **variables):
        """What came of it: stdout, stderr and the exit code, which is one of those that are allowed."""
        done = subprocess.run(["bash", "-ec", script], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
                              check=False, env={**self.variables, **variables})
        assert done.returncode in allowed, f"$ {script}\n{done.stdout}{done.stderr}"
        return done

    def __call__(self, script, **more):
        """What it prints."""
        return self.done(script, **more).stdout
