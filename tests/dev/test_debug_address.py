"""What the operator does and says while it runs, over its loopback address."""
import contextlib
import http.client
import json
import os
import re
import signal
import socket
import struct
import subprocess
import threading

import pytest

from control_plane import environment, unblocked
from harness import paths

WORD = struct.calcsize("N")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def started(plane, tmp_path, said):
    """An operator of a namespace that nobody uses; gives the port of its loopback address. At its end `said` gets what its log said."""
    port = free_port()
    process = subprocess.Popen(
        [paths.OPERATOR, f"--kubeconfig={plane.folder}/kubeconfig", "--namespaces=nobodys", "--leader-election=false",
         f"--metrics-listen=127.0.0.1:{free_port()}", f"--debug-address=127.0.0.1:{port}"],
        stderr=subprocess.PIPE, text=True, env=environment(tmp_path), preexec_fn=unblocked)
    for line in process.stderr:
        if '"msg":"operator started"' in line:
            break
    try:
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        rest = process.communicate(timeout=30)[1]
    assert process.returncode == 0
    said += [json.loads(line) for line in rest.splitlines()]


@pytest.fixture(name="operator")
def operator_(plane, tmp_path):
    """The port. At the end: what the log said of changes."""
    said = []
    with started(plane, tmp_path, said) as port:
        yield port
    changes = [line for line in said if line["msg"] == "log level changed"]
    assert [(change["from"], change["to"]) for change in changes] == [("info", "debug"), ("debug", "warn")]


def ask_for_bytes(port, method, path, body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def ask(*request):
    status, body = ask_for_bytes(*request)
    return status, body.decode()


def stacks(profile):
    """[(how often, addresses)] of a profile, and its list of what is mapped where."""
    words = [word for [word] in struct.iter_unpack("N", profile[:len(profile) // WORD * WORD])]
    assert words[:5] == [0, 3, 0, 10_000, 0]
    found, at = [], 5
    while words[at] != 0:
        found.append((words[at], words[at + 2:at + 2 + words[at + 1]]))
        at += 2 + words[at + 1]
    assert words[at:at + 3] == [0, 1, 0]
    return found, profile[(at + 3) * WORD:].decode()


def code_of(program, maps):
    """Where the code of a program is in memory."""
    [(begin, end)] = re.findall(rf"^(\w+)-(\w+) r-xp .*/{re.escape(os.path.basename(program))}$", maps, re.M)
    return range(int(begin, 16), int(end, 16))


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


def test_a_profile_says_what_the_operator_did(plane, tmp_path):
    said, over = [], threading.Event()

    def keep_busy(port):
        while not over.is_set():
            ask(port, "GET", "/debug/runtime")

    with started(plane, tmp_path, said) as port:
        busy = threading.Thread(target=keep_busy, args=[port])
        busy.start()
        try:
            status, profile = ask_for_bytes(port, "GET", "/debug/profile?seconds=2")
        finally:
            over.set()
            busy.join()
    assert status == 200
    found, maps = stacks(profile)
    own = code_of(paths.OPERATOR, maps)
    assert any(address in own for _, addresses in found for address in addresses), (found, maps)
    [taken] = [line for line in said if line["msg"] == "CPU profile taken"]
    assert int(taken["samples"]) == sum(times for times, _ in found)


def test_an_operator_that_ends_does_not_wait_for_a_profile(plane, tmp_path):
    said = []
    with started(plane, tmp_path, said) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
        connection.request("GET", "/debug/profile?seconds=60")
        answer = connection.getresponse()
        assert answer.status == 200 and ask(port, "GET", "/debug/profile?seconds=1")[0] == 409
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        answer.read()
    connection.close()
    assert [line["msg"] for line in said].count("CPU profile taken") == 1


def test_it_is_for_loopback_only():
    done = subprocess.run([paths.OPERATOR, "--debug-address=0.0.0.0:6060"], capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "--debug-address: 0.0.0.0:6060 can be reached from elsewhere" in done.stderr
