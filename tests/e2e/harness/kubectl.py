"""kubectl, and waiting for what its watches show."""
import json
import os
import selectors
import subprocess
import time


class CommandFailed(AssertionError):
    """kubectl said no; `text` is what it printed."""

    def __init__(self, arguments, text):
        super().__init__(f"kubectl {' '.join(arguments)}\n{text}")
        self.text = text


class Kubectl:
    """Runs the kubectl that belongs to the cluster. Calling it returns what it printed to stdout."""

    def __init__(self, program, kubeconfig, namespace=None):
        self.command = [program, f"--kubeconfig={kubeconfig}"] + ([f"--namespace={namespace}"] if namespace else [])
        self.program, self.kubeconfig = program, kubeconfig

    def __call__(self, *arguments, stdin=None, timeout=120):
        done = subprocess.run([*self.command, *arguments], input=stdin, capture_output=True, text=True, timeout=timeout, check=False)
        if done.returncode != 0:
            raise CommandFailed(arguments, done.stdout + done.stderr)
        return done.stdout

    def fails(self, *arguments, stdin=None):
        """What kubectl printed; it must have failed."""
        try:
            said = self(*arguments, stdin=stdin)
        except CommandFailed as failure:
            return failure.text
        raise AssertionError(f"kubectl {' '.join(arguments)} should have been refused, but said: {said}")

    def json(self, *arguments):
        return json.loads(self("get", *arguments, "-o", "json"))

    def items(self, *arguments):
        return self.json(*arguments)["items"]

    def watch(self, *what):
        return Watch([*self.command, "get", *what, "--watch", "--output-watch-events", "-o", "json"])


class Watch:
    """`kubectl get --watch` as a growing picture: a dict of the live objects by name. Use with `with`."""

    def __init__(self, command):
        self.objects = {}
        self.seen = 0  # events so far
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        os.set_blocking(self._process.stdout.fileno(), False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._process.stdout, selectors.EVENT_READ)
        self._rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    def until(self, claim, timeout=120, what=None):
        """Returns the first true value of claim(objects by name); asks anew at each event."""
        deadline = time.monotonic() + timeout
        while True:
            if value := claim(self.objects):
                return value
            left = deadline - time.monotonic()
            if left <= 0:
                raise AssertionError(f"not seen within {timeout} s: {what or claim.__doc__ or claim.__name__}; last seen: "
                                     + (json.dumps(list(self.objects.values()))[-3000:] or "nothing"))
            if self._selector.select(left):
                self._take()

    def _take(self):
        chunk = self._process.stdout.read()
        if chunk == b"":
            raise AssertionError(f"the watch ended: {self._rest.decode()}")
        *lines, self._rest = (self._rest + (chunk or b"")).split(b"\n")
        for line in lines:
            event = json.loads(line)  # with --output-watch-events each is one line
            self.seen += 1
            name = event["object"]["metadata"]["name"]
            if event["type"] == "DELETED":
                self.objects.pop(name, None)
            else:
                self.objects[name] = event["object"]
