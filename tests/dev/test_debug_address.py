"""The operator's log level is changed while it runs, over its loopback address."""
import http.client
import json
import os
import re
import signal
import socket
import subprocess

import pytest

from control_plane import environment, unblocked
from harness import paths


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(name="operator")
def operator_(plane, tmp_path):
    """Where an operator of a namespace that nobody uses has its loopback address. At its end: what its log said of changes."""
    port = free_port()
    process = subprocess.Popen(
        [paths.OPERATOR, f"--kubeconfig={plane.folder}/kubeconfig", "--namespaces=nobodys", "--leader-election=false",
         f"--metrics-listen=127.0.0.1:{free_port()}", f"--debug-address=127.0.0.1:{port}"],
        stderr=subprocess.PIPE, text=True, env=environment(tmp_path), preexec_fn=unblocked)
    for line in process.stderr:
        if '"msg":"operator started"' in line:
            break
    yield port
    process.send_signal(signal.SIGTERM)
    rest = process.communicate(timeout=30)[1]
    assert process.returncode == 0
    changes = [json.loads(line) for line in rest.splitlines() if '"log level changed"' in line]
    assert [(change["from"], change["to"]) for change in changes] == [("info", "debug"), ("debug", "warn")]


def ask(port, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def test_the_level_is_changed_and_said(operator):
    assert ask(operator, "GET", "/debug/log-level") == (200, "info\n")
    assert ask(operator, "PUT", "/debug/log-level", "debug") == (200, "debug\n")
    assert ask(operator, "PUT", "/debug/log-level", "loud")[0] == 400
    assert ask(operator, "PUT", "/debug/log-level", "error", {"Origin": "https://example.com"})[0] == 403
    assert ask(operator, "PUT", "/debug/log-level", "warn") == (200, "warn\n")
    status, report = ask(operator, "GET", "/debug/runtime")
    assert status == 200 and re.search(r"^loop: work waits [\d.]+ s, \d+ items wait$", report, re.M)
    assert int(re.search(r"^threads: (\d+)$", report, re.M)[1]) > 1
    assert os.path.basename(paths.OPERATOR) in report.splitlines()[0]


def test_it_is_for_loopback_only():
    done = subprocess.run([paths.OPERATOR, "--debug-address=0.0.0.0:6060"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "--debug-address: 0.0.0.0:6060 can be reached from elsewhere" in done.stderr
