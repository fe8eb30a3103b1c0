"""The keys and certificates of a cluster, made by openssl; and the kubeconfigs that carry them."""

import base64
import subprocess
from pathlib import Path

from state import NODE, SERVICES, Cluster

# user: (common name, organization)
CLIENTS = {
    "admin": ("admin", "system:masters"),
    "kube-controller-manager": ("system:kube-controller-manager", ""),
    "kube-scheduler": ("system:kube-scheduler", ""),
    "kube-proxy": ("system:kube-proxy", ""),
    "kubelet": (f"system:node:{NODE}", "system:nodes"),
    "kwok": ("kwok", "system:masters"),
}


def make(cluster: Cluster) -> None:
    folder = cluster.folder / "pki"
    folder.mkdir()
    _key(folder / "ca.key")
    _openssl("req", "-x509", "-new", "-key", folder / "ca.key", "-subj", "/CN=coreflow-test-ca",
             "-days", "365", "-out", folder / "ca.crt")
    _key(folder / "service-accounts.key")
    _openssl("ec", "-in", folder / "service-accounts.key", "-pubout",
             "-out", folder / "service-accounts.pub")
    names = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"]
    addresses = ["127.0.0.1", f"{SERVICES}.1", cluster.address]
    alternatives = [f"DNS:{n}" for n in names] + [f"IP:{a}" for a in addresses]
    _sign(folder, "server", "/CN=kube-apiserver", "serverAuth", alternatives)
    for user, (name, organization) in CLIENTS.items():
        subject = (f"/O={organization}" if organization else "") + f"/CN={name}"
        _sign(folder, user, subject, "clientAuth", [])
        path = cluster.kubeconfig if user == "admin" else cluster.folder / f"{user}.kubeconfig"
        path.write_text(kubeconfig(cluster, user))


def kubeconfig(cluster: Cluster, user: str) -> str:
    folder = cluster.folder / "pki"
    return f"""apiVersion: v1
kind: Config
current-context: {cluster.name}
contexts:
- name: {cluster.name}
  context:
    cluster: {cluster.name}
    user: {user}
clusters:
- name: {cluster.name}
  cluster:
    server: {cluster.server}
    certificate-authority-data: {_base64(folder / "ca.crt")}
users:
- name: {user}
  user:
    client-certificate-data: {_base64(folder / f"{user}.crt")}
    client-key-data: {_base64(folder / f"{user}.key")}
"""


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def _key(path: Path) -> None:
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)
    path.chmod(0o600)


def _sign(folder: Path, name: str, subject: str, usage: str, alternatives: list[str]) -> None:
    _key(folder / f"{name}.key")
    extensions = f"extendedKeyUsage={usage}\nkeyUsage=digitalSignature\n"
    if alternatives:
        extensions += f"subjectAltName={','.join(alternatives)}\n"
    (folder / f"{name}.ext").write_text(extensions)
    request = _openssl("req", "-new", "-key", folder / f"{name}.key", "-subj", subject)
    _openssl("x509", "-req", "-CA", folder / "ca.crt", "-CAkey", folder / "ca.key",
             "-CAcreateserial", "-days", "365", "-extfile", folder / f"{name}.ext",
             "-out", folder / f"{name}.crt", stdin=request)


def _openssl(*arguments, stdin: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *map(str, arguments)], input=stdin, capture_output=True)
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.decode().strip()}")
    return done.stdout
