"""A server of S3 (SeaweedFS) that listens at one address only."""
import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
UP_WITHIN = 60  # seconds
PORTS = ["master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc", "s3.port",
         "s3.port.grpc", "s3.port.iceberg", "s3.port.lance"]


def free_ports(address, count):
    """Ports that nobody listens on there; all held until all are found, so that none comes twice."""
    sockets = [socket.socket() for _ in range(count)]
    for s in sockets:
        s.bind((address, 0))
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


class NoServer(Exception):
    """Why there is none."""


class S3Server:
    """Keeps what it has in a folder. Can be started again after it was stopped: it then has the same at the same place."""

    def __init__(self, folder, address="127.0.0.1"):
        self.folder, self.address, self.process = str(folder), address, None
        self.key_id, self.secret = "TEST" + secrets.token_hex(8), secrets.token_hex(20)
        self._ports = dict(zip(PORTS, free_ports(address, len(PORTS))))
        self.endpoint = f"http://{address}:{self._ports['s3.port']}"

    def start(self):
        """Returns when it accepts connections."""
        weed = subprocess.run([os.path.join(HERE, "seaweedfs")], stdout=subprocess.PIPE, text=True, check=False).stdout.strip()
        if not weed:
            raise NoServer("there is no SeaweedFS, see above")
        config, log = os.path.join(self.folder, "identities.json"), os.path.join(self.folder, "log")
        identity = {"name": "test", "credentials": [{"accessKey": self.key_id, "secretKey": self.secret}],
                    "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
        with open(config, "w", encoding="utf-8") as file:
            json.dump({"identities": [identity]}, file)
        with open(log, "ab") as file:
            self.process = subprocess.Popen(
                [weed, "server", f"-ip={self.address}", f"-ip.bind={self.address}", f"-dir={self.folder}", "-filer", "-s3",
                 f"-s3.config={config}", "-volume.max=0", "-master.volumeSizeLimitMB=1024", "-master.telemetry=false",
                 "-s3.autoCreateBucket=false", *(f"-{name}={port}" for name, port in self._ports.items())],
                stdout=file, stderr=subprocess.STDOUT, cwd=self.folder)
        if not self._wait_until_up():
            self.stop()
            with open(log, encoding="utf-8", errors="replace") as file:
                raise NoServer(file.read()[-4000:] + "the server did not come up")

    def _wait_until_up(self):
        deadline = time.monotonic() + UP_WITHIN
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection((self.address, self._ports["s3.port"]), timeout=1).close()
                return True
            except OSError:
                time.sleep(0.1)
        return False

    def make_bucket(self, name):
        """By way of the filer, whose folders they are: that needs no signature."""
        filer = f"http://{self.address}:{self._ports['filer.port']}/buckets/{name}/"
        urllib.request.urlopen(urllib.request.Request(filer, method="POST"), timeout=30).close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
