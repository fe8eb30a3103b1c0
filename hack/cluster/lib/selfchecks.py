"""What the self-test expects of a cluster. Each check raises AssertionError, naming what it saw."""

import http.server
import json
import subprocess
import tempfile
import threading
import urllib.request
from pathlib import Path

import faults
import health
import namespaces
from process import wait_for
from state import Cluster

IMAGE = "busybox:1.36"


def pod(name: str, script: str, **spec) -> dict:
    container = {
        "name": "main",
        "image": IMAGE,
        "command": ["sh", "-c", script],
        "terminationMessagePath": "/coreflow/output",
        **spec.pop("container", {}),
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {"restartPolicy": "Never", "terminationGracePeriodSeconds": 0,
                 "containers": [container], **spec},
    }


def create(cluster: Cluster, thing: dict) -> None:
    done = health.kubectl(cluster, "create", "-f", "-", stdin=json.dumps(thing))
    assert done.returncode == 0, done.stderr


def get(cluster: Cluster, kind: str, name: str) -> dict:
    done = health.kubectl(cluster, "get", kind, name, "-o=json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def wait_for_phase(cluster: Cluster, name: str, phase: str) -> dict:
    def reached():
        found = get(cluster, "pod", name)
        return found if found["status"]["phase"] == phase else None
    return wait_for(reached, 60, f"pod {name} to be {phase}", 0.2)


def runs_a_pod(cluster: Cluster) -> None:
    """As a stranger to the node: no root, nothing writable but what the kubelet gives."""
    nobody = {"runAsUser": 65532, "runAsNonRoot": True, "readOnlyRootFilesystem": True,
              "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    create(cluster, pod("worker", "echo a line; echo a result >/coreflow/output",
                        container={"securityContext": nobody}))
    status = wait_for_phase(cluster, "worker", "Succeeded")["status"]
    message = status["containerStatuses"][0]["state"]["terminated"].get("message")
    assert message == "a result\n", f"the termination message is {message!r}"
    log = health.kubectl(cluster, "logs", "worker")
    assert log.stdout == "a line\n", f"the log is {log.stdout!r}, {log.stderr!r}"


def writes_to_the_host(cluster: Cluster) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        volume = {"name": "host", "hostPath": {"path": folder}}
        create(cluster, pod("writer", "echo seen >/host/file", volumes=[volume],
                            container={"volumeMounts": [{"name": "host", "mountPath": "/host"}]}))
        wait_for_phase(cluster, "writer", "Succeeded")
        text = Path(folder, "file").read_text()
        assert text == "seen\n", f"the host reads {text!r}"


def serves(cluster: Cluster) -> None:
    """A Service answers a pod and the node; a pod's own address answers the host."""
    create(cluster, pod("server", "mkdir /tmp/w; echo hello >/tmp/w/index.html; "
                                  "httpd -f -p 8080 -h /tmp/w"))
    create(cluster, {
        "apiVersion": "v1", "kind": "Service", "metadata": {"name": "server"},
        "spec": {"selector": {"app": "server"}, "ports": [{"port": 80, "targetPort": 8080}]},
    })
    address = wait_for_phase(cluster, "server", "Running")["status"]["podIP"]
    service = get(cluster, "service", "server")["spec"]["clusterIP"]
    answer = wait_for(lambda: _fetch(f"http://{address}:8080/"), 20, "the pod's answer to the host")
    assert answer == b"hello\n", f"the host reads {answer!r}"

    def node_reads():
        return namespaces.run(cluster, "busybox", "wget", "-qO-", f"http://{service}/",
                              capture_output=True, text=True).stdout
    answer = wait_for(node_reads, 20, "the Service's answer to the node")
    assert answer == "hello\n", f"the node reads {answer!r}"
    create(cluster, pod("client", f"wget -qO/coreflow/output http://{service}/"))
    status = wait_for_phase(cluster, "client", "Succeeded")["status"]
    message = status["containerStatuses"][0]["state"]["terminated"].get("message")
    assert message == "hello\n", f"a pod reads {message!r}"


def _fetch(url: str) -> bytes:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=2) as r:
            return r.read()
    except OSError:
        return b""


def reaches_the_host_only(cluster: Cluster) -> None:
    server = http.server.HTTPServer((cluster.host_address, 0), http.server.SimpleHTTPRequestHandler)
    server.RequestHandlerClass.log_message = lambda *_: None
    threading.Thread(target=server.handle_request, daemon=True).start()
    url = f"http://{cluster.host_address}:{server.server_port}/nothing"
    # 192.0.2.0/24 is set aside for examples: nobody has it, and here no route leads there either.
    create(cluster, pod("caller", f"wget -O- {url} 2>&1 | grep -q 404 && "
                                  "! ping -c 1 -W 1 192.0.2.200 2>&1 | grep ttl="))
    wait_for_phase(cluster, "caller", "Succeeded")
    server.server_close()
    routes = namespaces.run(cluster, "ip", "route", "show", "default",
                            capture_output=True, text=True)
    assert not routes.stdout, f"there is a way out: {routes.stdout}"


def outlives_its_kubelet(cluster: Cluster) -> None:
    create(cluster, pod("long", "sleep 3600"))
    wait_for_phase(cluster, "long", "Running")
    for fault in (faults.restart, faults.kill):
        fault(cluster, "kubelet")
        wait_for(lambda: health.all_ready(cluster), 30, "the kubelet")
    found = get(cluster, "pod", "long")["status"]["containerStatuses"][0]
    assert found["restartCount"] == 0 and "running" in found["state"], f"the container is {found}"
    # A new kubelet is well before it knows its pods.
    wait_for(lambda: health.kubectl(cluster, "exec", "long", "--", "echo", "x").stdout == "x\n",
             20, "the kubelet to know its pods")


def outlives_its_api_server(cluster: Cluster) -> None:
    before = get(cluster, "serviceaccount", "default")["metadata"]["uid"]
    faults.restart(cluster, "kube-apiserver")
    faults.restart(cluster, "etcd")
    wait_for(lambda: health.well(cluster), 60, "the cluster after its API server")
    assert get(cluster, "serviceaccount", "default")["metadata"]["uid"] == before, "etcd forgot"


def counts_creates(cluster: Cluster, want: set[str]) -> None:
    """The audit log has each pod's create once, with its answer."""
    events = map(json.loads, cluster.audit_log.read_text().splitlines())
    created = [e["objectRef"]["name"] for e in events
               if e["verb"] == "create" and e["objectRef"]["resource"] == "pods"
               and "subresource" not in e["objectRef"] and e["responseStatus"]["code"] == 201]
    assert sorted(created) == sorted(want), f"the audit log has creates of {created}"


def simulates(cluster: Cluster, count: int) -> None:
    pods = [pod(f"simulated-{i}", "never run") for i in range(count)]
    create(cluster, {"apiVersion": "v1", "kind": "List", "items": pods})

    def ended():
        done = health.kubectl(cluster, "get", "pods", "-o=name",
                              "--field-selector=status.phase=Succeeded")
        return len(done.stdout.split()) == count
    wait_for(ended, 60, f"the end of {count} simulated pods", 0.2)
    counts_creates(cluster, {p["metadata"]["name"] for p in pods})


def packs_the_same_bytes(pack: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "root")
        root.mkdir()
        texts = []
        for umask in ("022", "077"):
            make = 'rm -rf "$1"/*; mkdir "$1/d"; echo x >"$1/d/f"; ln -s f "$1/d/l"'
            subprocess.run(["sh", "-c", f"umask {umask}; {make}", "sh", root], check=True)
            subprocess.run([pack, "--root", root, "--output", f"{folder}/a.tar",
                            "--name", "x.y/z:1"], check=True)
            texts.append(Path(folder, "a.tar").read_bytes())
        assert texts[0] == texts[1], "the same folder gave different archives"
