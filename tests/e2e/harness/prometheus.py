"""A Prometheus on this machine, and who is told of its alerts."""
import http.server
import json
import os
import re
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from harness.operator import free_port

# Fires when each replica was read twenty times: whatever else is to fire soon after a start has done so.
WATCHED = {"name": "test", "rules": [{"alert": "Watched", "expr": "min(count_over_time(coreflow_leader[1h])) > 20"}]}


class Listener(http.server.ThreadingHTTPServer):
    """What Prometheus takes for its Alertmanager: keeps what fires."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.firing = {}  # alerts by name, those of one name by their labels
        self.changed = threading.Condition()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, alerts):
        with self.changed:
            for alert in alerts:
                same_name = self.firing.setdefault(alert["labels"]["alertname"], {})
                key = tuple(sorted(alert["labels"].items()))
                if alert["endsAt"] > time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()):
                    same_name[key] = alert
                else:
                    same_name.pop(key, None)
            self.firing = {name: alerts for name, alerts in self.firing.items() if alerts}
            self.changed.notify_all()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.take(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Prometheus:
    """Reads pods as the page for users tells it to, but each second; the minutes that alerts wait are seconds. Use with `with`."""

    def __init__(self, folder, scrape, groups):
        self.folder, self.listener, self.port = str(folder), Listener(), free_port()
        self._targets = os.path.join(self.folder, "targets.json")
        del scrape["kubernetes_sd_configs"]  # Debian's Prometheus can't: a file has the labels that it would find
        for rule in (rule for group in groups for rule in group["rules"] if "for" in rule):
            rule["for"] = rule["for"].replace("m", "s")
        self._write("rules.json", {"groups": [*groups, WATCHED]})
        self._write("prometheus.json", {
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": [f"{self.folder}/rules.json"],
            "alerting": {"alertmanagers": [{"static_configs": [{"targets": [f"127.0.0.1:{self.listener.server_port}"]}]}]},
            "scrape_configs": [{**scrape, "file_sd_configs": [{"files": [self._targets]}]}]})
        self.read([])

    def _write(self, name, content):
        """In one step, as who watches the file wants it. JSON is YAML."""
        path = os.path.join(self.folder, name)
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            json.dump(content, file)
        os.replace(f"{path}.new", path)

    def read(self, pods):
        """From now on these pods."""
        self._write("targets.json", [target for pod in pods for target in targets_of(pod)])

    def __enter__(self):
        with open(os.path.join(self.folder, "log"), "w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                ["prometheus", f"--config.file={self.folder}/prometheus.json", f"--storage.tsdb.path={self.folder}/data",
                 f"--web.listen-address=127.0.0.1:{self.port}", "--rules.alert.resend-delay=1s"], stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        self._process.kill()
        self._process.wait()
        self.listener.shutdown()
        self.listener.server_close()

    def until(self, name, timeout=120):
        """Waits until that alert fires; those of that name."""
        changed = self.listener.changed
        with changed:
            if not changed.wait_for(lambda: name in self.listener.firing, timeout):
                with open(os.path.join(self.folder, "log"), encoding="utf-8") as log:
                    raise AssertionError(f"{name} did not fire within {timeout} s, but {list(self.listener.firing)}: {log.read()[-3000:]}")
            return list(self.listener.firing[name].values())

    def ask(self, query):
        """The samples of a query."""
        where = f"http://127.0.0.1:{self.port}/api/v1/query?{urllib.parse.urlencode({'query': query})}"
        try:
            with urllib.request.urlopen(where, timeout=30) as answer:
                return json.load(answer)["data"]["result"]
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{query}: {refused.read().decode()}") from None


def targets_of(pod):
    """What Prometheus finds of a pod in a cluster, a target for each port."""
    meta = {"namespace": pod["metadata"]["namespace"], "pod_name": pod["metadata"]["name"]}
    meta.update({f"pod_label_{re.sub(r'[^a-zA-Z0-9_]', '_', name)}": value for name, value in pod["metadata"]["labels"].items()})
    for container in pod["spec"]["containers"]:
        for port in container.get("ports", []):
            labels = {**meta, "pod_container_port_name": port["name"]}
            yield {"targets": [f"{pod['status']['podIP']}:{port['containerPort']}"],
                   "labels": {f"__meta_kubernetes_{name}": value for name, value in labels.items()}}
