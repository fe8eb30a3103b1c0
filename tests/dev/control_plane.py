"""`coreflow dev`, as a process of this machine."""
import atexit
import functools
import http.client
import json
import os
import re
import selectors
import signal
import subprocess
import time

from harness import paths
from harness.kubectl import Kubectl


@functools.cache
def kubectl_program():
    """The one that the test cluster is built with."""
    built = subprocess.run([paths.PROGRAMS, "kubernetes"], capture_output=True, text=True, check=True)
    return os.path.join(built.stdout.strip(), "kubectl")


def make_namespace(kubectl, name):
    kubectl("create", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}))


def environment(home, **more):
    """No kubeconfig, proxy or home of the user's."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home), **more}


def unblocked():
    """pytest's own masks and handlers are not the program's."""
    signal.pthread_sigmask(signal.SIG_SETMASK, set())


class ControlPlane:
    """One process at a time, in one folder; it can be started again after it was stopped or killed."""

    def __init__(self, folder, *options, variables=()):
        assert os.access(paths.COREFLOW, os.X_OK), f"{paths.COREFLOW} isn't there: run `make build`"
        self.folder, self.process, self.port = str(folder), None, None
        self.command = [paths.COREFLOW, "dev", "--port=0", f"--data={self.folder}", *options]
        self.environment = environment(self.folder, **dict(variables))
        self.said = ""

    def start(self, wait=True):
        """Returns when it serves, or at once."""
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                        env=self.environment, preexec_fn=unblocked)
        atexit.register(self.process.kill)  # when a test fails; nothing for one that has ended
        self.said = ""
        if wait:
            self.hear("Try: ")
            self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)", self.said).group(1))
            self.kubectl = Kubectl(kubectl_program(), os.path.join(self.folder, "kubeconfig"))

    def hear(self, what, timeout=60):
        """Reads what it says until that has come."""
        deadline = time.monotonic() + timeout
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stderr, selectors.EVENT_READ)
            while what not in self.said:
                assert selector.select(deadline - time.monotonic()), f"it did not say {what!r} within {timeout} s: {self.said}"
                chunk = os.read(self.process.stderr.fileno(), 65536).decode()
                assert chunk, f"it ended with {self.process.wait()}: {self.said}"
                self.said += chunk

    def kill9(self):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def stop(self, how=signal.SIGINT):
        """Its exit code."""
        self.process.send_signal(how)
        _, said = self.process.communicate(timeout=30)
        self.said += said.decode()
        return self.process.returncode

    def ask(self, method, path, body=None):
        """One request: (status, object). OSError or HTTPException when no whole answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()
