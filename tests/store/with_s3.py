#!/usr/bin/env python3
"""Runs a command beside a server of S3 that listens on this machine only, and takes the server down after it.

usage: with_s3.py COMMAND [ARGUMENT…]     exit code: the command's, or 1 when there is no server

The command finds in its environment COREFLOW_S3 (the endpoint), COREFLOW_S3_KEY_ID and COREFLOW_S3_SECRET. The server
is empty, and what is in it goes with it.
"""
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
UP_WITHIN = 60  # seconds


def free_ports(count):
    """Ports that nobody listens on; all held until all are found, so that none comes twice."""
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def start(weed, folder, key_id, secret, log):
    identity = {"name": "test", "credentials": [{"accessKey": key_id, "secretKey": secret}],
                "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    config = os.path.join(folder, "identities.json")
    with open(config, "w", encoding="utf-8") as file:
        json.dump({"identities": [identity]}, file)
    names = ["master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc",
             "s3.port", "s3.port.grpc", "s3.port.iceberg"]
    ports = dict(zip(names, free_ports(len(names))))
    server = subprocess.Popen(
        [weed, "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder}", "-filer", "-s3", f"-s3.config={config}",
         "-volume.max=0", "-master.volumeSizeLimitMB=1024", "-master.telemetry=false", "-s3.autoCreateBucket=false",
         *(f"-{name}={port}" for name, port in ports.items())],
        stdout=log, stderr=subprocess.STDOUT, cwd=folder)
    return server, f"http://127.0.0.1:{ports['s3.port']}"


def wait_until_up(server, endpoint):
    """True once the S3 server accepts connections; False when it ended, or took too long."""
    host, port = endpoint.removeprefix("http://").split(":")
    deadline = time.monotonic() + UP_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.1)
    return False


def stop(server):
    server.send_signal(signal.SIGTERM)
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def main(command):
    weed = subprocess.run([os.path.join(HERE, "seaweedfs")], stdout=subprocess.PIPE, text=True, check=False).stdout.strip()
    if not weed:
        print("with_s3.py: there is no SeaweedFS, see above", file=sys.stderr)
        return 1
    key_id, secret = "TEST" + secrets.token_hex(8), secrets.token_hex(20)
    with tempfile.TemporaryDirectory(prefix="coreflow-s3-") as folder, open(os.path.join(folder, "log"), "w+b") as log:
        server, endpoint = start(weed, folder, key_id, secret, log)
        try:
            if not wait_until_up(server, endpoint):
                log.seek(max(0, log.tell() - 4000))
                print(log.read().decode(errors="replace"), "with_s3.py: the server did not come up", file=sys.stderr)
                return 1
            environment = {"COREFLOW_S3": endpoint, "COREFLOW_S3_KEY_ID": key_id, "COREFLOW_S3_SECRET": secret}
            return subprocess.run(command, env=os.environ | environment, check=False).returncode
        finally:
            stop(server)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
