"""The operator: the release binary, as a process of this machine."""
import http.client
import os
import signal
import socket
import subprocess
import tempfile
import urllib.request

from harness import paths


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def hold_signals():
    """A SIGTERM that comes before the program can handle it waits for that."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


class Operator:
    """One operator process at a time; its log goes on through restarts."""

    def __init__(self, kubeconfig, name="operator", arguments=()):
        assert os.access(paths.OPERATOR, os.X_OK), f"{paths.OPERATOR} isn't there: run `make build`"
        os.makedirs(paths.LOGS, exist_ok=True)
        self.metrics_at = f"127.0.0.1:{free_port()}"
        self.store = tempfile.TemporaryDirectory(prefix="coreflow-store-")  # gone with this
        self.command = [paths.OPERATOR, "--kubeconfig", kubeconfig, "--metrics-listen", self.metrics_at,
                        f"--store={self.store.name}/store", *arguments]
        self.log = os.path.join(paths.LOGS, f"{paths.NAME}-{name}.log")
        self.process = None
        open(self.log, "w", encoding="utf-8").close()

    def start(self):
        assert not self.running(), "the operator runs already"
        with open(self.log, "a", encoding="utf-8") as log:
            # No proxy, no KUBECONFIG: what it uses is what it is given.
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                            env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"}, preexec_fn=hold_signals)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def kill9(self):
        """As a node that loses power: no handler runs."""
        assert self.running(), f"the operator has ended by itself with {self.process and self.process.returncode}"
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Asks it to end; it has 20 seconds for that. Returns its exit code."""
        if not self.running():
            return self.process.returncode if self.process else None
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError("the operator was still there 20 s after SIGTERM") from None

    def last_lines(self, count=200):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-count:])

    def metrics(self):
        """What it counts by now, or why that can't be read. Never raises."""
        try:
            with urllib.request.urlopen(f"http://{self.metrics_at}/metrics", timeout=5) as answer:
                return "".join(line.decode() for line in answer if not line.startswith(b"#") and b"_bucket" not in line)
        except (OSError, http.client.HTTPException) as problem:
            return str(problem)

    def connections(self):
        """Its sockets, as `ss` sees them: bytes received that it hasn't read, bytes sent that nobody has confirmed."""
        shown = subprocess.run(["ss", "-tnpi"], capture_output=True, text=True, check=False).stdout.splitlines()
        mine = f"pid={self.process.pid},"
        return "\n".join(line + below for line, below in zip(shown, shown[1:] + [""]) if mine in line)
