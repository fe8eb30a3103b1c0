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


def pod(name):
    return json.dumps({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": {"bench": "raw"}}, "spec": {
        "restartPolicy": "Never", "automountServiceAccountToken": False,
        "containers": [{"name": "main", "image": "busybox:1.36", "command": ["true"]}]}})


class Pods:
    """Creates pods in a namespace and tells when they have ended."""

    def __init__(self, api, namespace):
        self.api, self.path = api, f"/api/v1/namespaces/{namespace}/pods"
        self.ended, self.changed = set(), threading.Condition()
        self._watching = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()
        self._watching.wait()

    def _watch(self):
        while True:  # a server closes watches that don't keep up; a new one starts with all that there is
            self._watch_once()

    def _watch_once(self):
        connection = self.api.connection()
        connection.request("GET", f"{self.path}?watch=1&labelSelector=bench%3Draw")
        stream = connection.getresponse()
        self._watching.set()
        for line in stream:
            thing = json.loads(line)["object"]
            if thing.get("status", {}).get("phase") == "Succeeded":
                with self.changed:
                    self.ended.add(thing["metadata"]["name"])
                    self.changed.notify_all()

    def create(self, names):
        connection = self.api.connection()
        for name in names:
            connection.request("POST", self.path, pod(name), {"Content-Type": "application/json"})
            answer = connection.getresponse()
            assert answer.status == 201, answer.read()
            answer.read()

    def wait(self, names):
        with self.changed:
            assert self.changed.wait_for(lambda: names <= self.ended, 600), "the pods didn't end"


def chain(api, namespace, count):
    """Seconds for pods one after another."""
    pods, connection_names = Pods(api, namespace), [f"chain-{n}" for n in range(count)]
    start = time.monotonic()
    for name in connection_names:
        pods.create([name])
        pods.wait({name})
    return time.monotonic() - start


def wide(api, namespace, count, threads=16):
    """Seconds for pods all at once."""
    pods, names = Pods(api, namespace), [f"wide-{n}" for n in range(count)]
    start = time.monotonic()
    workers = [threading.Thread(target=pods.create, args=(names[n::threads],)) for n in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    pods.wait(set(names))
    return time.monotonic() - start
