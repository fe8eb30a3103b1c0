"""Somebody who reads from the store of an install: with the command, and with requests of their own making."""
import json
import ssl
import subprocess
import urllib.error
import urllib.request

from harness import paths


class Editor:
    """May edit one namespace of the cluster, and nothing else."""

    def __init__(self, cluster, ns, folder):
        ns.kubectl("create", "serviceaccount", "jane")
        ns.kubectl("create", "rolebinding", "jane", "--clusterrole=edit", f"--serviceaccount={ns.name}:jane")
        config = json.loads(cluster.kubectl("config", "view", "--raw", "--minify", "-o", "json"))
        self.token = ns.kubectl("create", "token", "jane", "--duration=1h").strip()
        config["users"][0]["user"] = {"token": self.token}
        self.ns, self.server, self.path = ns, config["clusters"][0]["cluster"]["server"], str(folder / "jane.kubeconfig")
        with open(self.path, "w", encoding="utf-8") as file:
            json.dump(config, file)

    def coreflow(self, *words, code=0):
        """What the command prints in the namespace."""
        done = subprocess.run([paths.COREFLOW, *words, "--namespace", self.ns.name, "--kubeconfig", self.path], capture_output=True,
                              check=False, timeout=120)
        assert done.returncode == code, done.stdout.decode() + done.stderr.decode()
        return done.stdout

    def ask(self, system, ns, digest, token=None):
        """The status and body for a blob of a namespace, from the install in `system`."""
        request = urllib.request.Request(f"{self.server}/api/v1/namespaces/{system}/services/https:coreflow-data:8443/proxy"
                                         f"/v1/namespaces/{ns}/blobs/{digest}", headers={"Authorization": f"Bearer {self.token}"})
        if token:
            request.add_header("CoreFlow-Token", token)
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        try:
            with urllib.request.urlopen(request, context=trust, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()
