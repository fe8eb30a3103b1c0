"""The programs of a cluster: their command lines, what each waits for, how each says it is well."""

from dataclasses import dataclass

from state import NODE, SERVICES, Cluster


@dataclass
class Component:
    name: str
    command: list[str]
    ready: str  # a URL that answers 200, or a command that ends with 0
    after: tuple[str, ...] = ()  # these are ready before it is started


def of(cluster: Cluster) -> list[Component]:
    components = control_plane(cluster)
    components += simulation(cluster) if cluster.options.kwok else node(cluster)
    for component in components:
        component.command[0] = str(_program(cluster, component.command[0]))
        component.command += _extra_flags(cluster, component.name)
    return components


def names(cluster: Cluster) -> list[str]:
    return [c.name for c in of(cluster)]


def _program(cluster: Cluster, name: str):
    ours = cluster.programs / name
    return ours if ours.exists() else name


def _extra_flags(cluster: Cluster, name: str) -> list[str]:
    pairs = (flag.partition(":") for flag in cluster.options.flags)
    return [flag for component, _, flag in pairs if component == name]


def control_plane(cluster: Cluster) -> list[Component]:
    folder, pki = cluster.folder, cluster.folder / "pki"
    # The defaults, 20 and 50 requests a second, would be what a benchmark measures.
    fast = ["--kube-api-qps=5000", "--kube-api-burst=10000"]
    return [
        Component("etcd", [
            "etcd", f"--data-dir={cluster.data}/etcd", "--unsafe-no-fsync",
            "--quota-backend-bytes=8589934592",
            "--listen-client-urls=http://127.0.0.1:2379",
            "--advertise-client-urls=http://127.0.0.1:2379",
            "--listen-peer-urls=http://127.0.0.1:2380",
        ], "http://127.0.0.1:2379/health"),
        Component("kube-apiserver", api_server(cluster), "https://127.0.0.1:6443/readyz",
                  after=("etcd",)),
        Component("kube-controller-manager", [
            "kube-controller-manager", f"--kubeconfig={folder}/kube-controller-manager.kubeconfig",
            "--leader-elect=false", "--use-service-account-credentials", *fast,
            f"--root-ca-file={pki}/ca.crt",
            f"--service-account-private-key-file={pki}/service-accounts.key",
            f"--cluster-signing-cert-file={pki}/ca.crt",
            f"--cluster-signing-key-file={pki}/ca.key",
            f"--flex-volume-plugin-dir={cluster.data}/volume-plugins",
        ], "https://127.0.0.1:10257/healthz", after=("kube-apiserver",)),
        Component("kube-scheduler", [
            "kube-scheduler", f"--kubeconfig={folder}/kube-scheduler.kubeconfig",
            "--leader-elect=false", *fast,
        ], "https://127.0.0.1:10259/healthz", after=("kube-apiserver",)),
    ]


def api_server(cluster: Cluster) -> list[str]:
    pki = cluster.folder / "pki"
    return [
        "kube-apiserver", "--etcd-servers=http://127.0.0.1:2379",
        "--authorization-mode=Node,RBAC", f"--service-cluster-ip-range={SERVICES}.0/16",
        # Not loopback: it becomes the endpoint of the Service `kubernetes`.
        f"--advertise-address={cluster.address}",
        f"--client-ca-file={pki}/ca.crt",
        f"--tls-cert-file={pki}/server.crt", f"--tls-private-key-file={pki}/server.key",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={pki}/service-accounts.pub",
        f"--service-account-signing-key-file={pki}/service-accounts.key",
        f"--kubelet-client-certificate={pki}/admin.crt",
        f"--kubelet-client-key={pki}/admin.key",
        # Not the node's name, which nothing resolves.
        "--kubelet-preferred-address-types=InternalIP",
        f"--cert-dir={cluster.data}/kube-apiserver",
        f"--audit-policy-file={cluster.folder}/audit-policy.yaml",
        f"--audit-log-path={cluster.audit_log}",
        # A request is in the file before it is answered, and the file is never rotated away.
        "--audit-log-mode=blocking", "--audit-log-maxsize=100000",
    ]


def node(cluster: Cluster) -> list[Component]:
    folder = cluster.folder
    return [
        Component("containerd", ["containerd", f"--config={folder}/containerd.toml"],
                  "ctr plugins ls | grep -q 'grpc.v1 *cri .*ok'"),
        # A kubelet that is started before containerd's CRI plugin is up gives up for good.
        Component("kubelet", [
            "kubelet", f"--config={folder}/kubelet.yaml",
            f"--kubeconfig={folder}/kubelet.kubeconfig", f"--hostname-override={NODE}",
            f"--node-ip={cluster.address}", f"--cert-dir={cluster.data}/kubelet",
        ], "http://127.0.0.1:10248/healthz", after=("kube-apiserver", "containerd")),
        # The machine's connection tracking is not ours to set: 0 leaves each limit alone.
        Component("kube-proxy", [
            "kube-proxy", f"--kubeconfig={folder}/kube-proxy.kubeconfig", "--proxy-mode=iptables",
            f"--hostname-override={NODE}", f"--cluster-cidr={cluster.pods}.0/24",
            "--healthz-bind-address=127.0.0.1:10256", "--metrics-bind-address=127.0.0.1:10249",
            "--conntrack-max-per-core=0", "--conntrack-tcp-timeout-established=0",
            "--conntrack-tcp-timeout-close-wait=0",
        ], "http://127.0.0.1:10249/healthz", after=("kube-apiserver",)),
    ]


def simulation(cluster: Cluster) -> list[Component]:
    folder = cluster.folder
    return [Component("kwok", [
        "kwok", f"--kubeconfig={folder}/kwok.kubeconfig", "--manage-all-nodes",
        f"--config={folder}/kwok-stages.yaml", "--node-lease-duration-seconds=200",
        f"--node-ip={cluster.address}", "--server-address=127.0.0.1:10247",
    ], "http://127.0.0.1:10247/healthz", after=("kube-apiserver",))]
