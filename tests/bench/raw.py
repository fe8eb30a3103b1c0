"""The least that running pods can cost: a plain HTTP client that creates them and watches them end."""
import base64
import http.client
import json
import ssl
import tempfile
import threading
import time
from urllib.parse import urlparse


class Api:
    """An API server, by an admin kubeconfig (kubectl config view --raw -o json)."""

    def __init__(self, config):
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        self.address = urlparse(cluster["server"]).netloc
        self.context = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
        with tempfile.NamedTemporaryFile() as pem:
            pem.write(base64.b64decode(user["client-certificate-data"]) + base64.b64decode(user["client-key-data"]))
            pem.flush()
            self.context.load_cert_chain(pem.name)

    def connection(self):
        return http.client.HTTPSConnection(self.address, context=self.context, timeout=300)

    def create(self, path, body, connection=None):
        connection = connection or self.connection()
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status == 201, text

    def wait_until_empty(self, path, seconds=300):
        """Until a collection has no objects. A watch that was closed meanwhile would not tell of deletions."""
        deadline = time.monotonic() + seconds
        connection = self.connection()
        while time.monotonic() < deadline:
            connection.request("GET", f"{path}?limit=1")
            if not json.loads(connection.getresponse().read())["items"]:
                return
            time.sleep(0.2)
        raise AssertionError(f"{path} was not empty after {seconds} s")


class Watch:
    """Sees objects of a collection change, from before it is made: `until` waits until `done(seen)` says so, where `seen`
    is what `note` gave for each object that it gave something for, by name."""

    def __init__(self, api, path, note):
        self.api, self.path, self.note = api, path, note
        self.seen, self.changed, self._watching = {}, threading.Condition(), threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()
        self._watching.wait()

    def _watch(self):
        while True:  # a server closes watches that don't keep up; a new one starts with all that there is
            try:
                self._watch_once()
            except (OSError, ValueError):
                return  # the cluster is gone, in the middle of a line maybe

    def _watch_once(self):
        connection = self.api.connection()
        connection.request("GET", f"{self.path}?watch=1")
        stream = connection.getresponse()
        if stream.status != 200:  # 429 or 500 while the kind is new to the server: it becomes watchable soon
            time.sleep(0.2)
            return
        self._watching.set()
        for line in stream:
            event = json.loads(line)
            noted = self.note(event["type"], event["object"])
            if noted:
                with self.changed:
                    self.seen[event["object"]["metadata"]["name"]] = noted
                    self.changed.notify_all()

    def until(self, done, seconds=600):
        with self.changed:
            assert self.changed.wait_for(lambda: done(self.seen), seconds), f"{self.path}: it took more than {seconds} s"


SMALLEST = {"metadata": {"labels": {"app": "bench"}}, "spec": {
    "restartPolicy": "Never", "automountServiceAccountToken": False,
    "containers": [{"name": "main", "image": "busybox:1.36", "command": ["true"]}]}}


def like(pod):
    """What a client has to send to get such a pod; what ties it to its owner is left out."""
    spec = {key: pod["spec"][key] for key in ("restartPolicy", "automountServiceAccountToken", "enableServiceLinks", "containers")}
    return {"metadata": {key: pod["metadata"][key] for key in ("labels", "annotations")}, "spec": spec}


class Pods:
    """Creates pods in a namespace, each with what `pod` says, and tells when they have ended."""

    def __init__(self, api, namespace, pod):
        self.api, self.path, self.pod = api, f"/api/v1/namespaces/{namespace}/pods", pod
        self.watch = Watch(api, self.path, lambda kind, pod: pod.get("status", {}).get("phase") == "Succeeded")

    def create(self, names):
        connection = self.api.connection()
        for name in names:
            pod = {"apiVersion": "v1", "kind": "Pod", **self.pod, "metadata": {**self.pod["metadata"], "name": name}}
            self.api.create(self.path, json.dumps(pod), connection)

    def wait(self, names):
        self.watch.until(lambda seen: names <= seen.keys())


def chain(api, namespace, count, pod):
    """Seconds for pods one after another."""
    pods, names = Pods(api, namespace, pod), [f"chain-{n}" for n in range(count)]
    start = time.monotonic()
    for name in names:
        pods.create([name])
        pods.wait({name})
    return time.monotonic() - start


def wide(api, namespace, count, pod, threads=16):
    """Seconds for pods all at once."""
    pods, names = Pods(api, namespace, pod), [f"wide-{n}" for n in range(count)]
    start = time.monotonic()
    workers = [threading.Thread(target=pods.create, args=(names[n::threads],)) for n in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    pods.wait(set(names))
    return time.monotonic() - start
