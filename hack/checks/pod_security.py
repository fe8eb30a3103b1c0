#!/usr/bin/env python3
"""Every pod that the charts start keeps to the Pod Security Standard "restricted", and writes to no root filesystem.

usage: pod_security.py [ROOT]
"""
import sys

import helm
import tree

VOLUMES = {"configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret"}
SYSCTLS = {"kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
           "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
           "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
           "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"}
SELINUX_TYPES = {None, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}


def context(thing):
    return thing.get("securityContext") or {}


def setting(pod, container, name):
    """A container's own, else its pod's."""
    return context(container).get(name, context(pod).get(name))


def capabilities(container, verb):
    return set((context(container).get("capabilities") or {}).get(verb, []))


def selinux(pod, container):
    options = setting(pod, container, "seLinuxOptions") or {}
    return options.get("type") not in SELINUX_TYPES or options.get("user") or options.get("role")


def handlers(container):
    """What the kubelet calls of a container."""
    probes = [container.get(name) or {} for name in ("livenessProbe", "readinessProbe", "startupProbe")]
    lifecycle = container.get("lifecycle") or {}
    for one in [*probes, lifecycle.get("postStart") or {}, lifecycle.get("preStop") or {}]:
        yield from (one[kind] for kind in ("httpGet", "tcpSocket") if kind in one)


# What is wrong -> whether it is, for a pod's spec.
OF_PODS = {
    "shares namespaces of its host": lambda pod: any(pod.get(name) for name in ("hostNetwork", "hostPID", "hostIPC")),
    "mounts a volume of another kind": lambda pod: any(set(volume) - {"name"} - VOLUMES for volume in pod.get("volumes", [])),
    "sets a sysctl that is not safe": lambda pod: any(one["name"] not in SYSCTLS for one in context(pod).get("sysctls", [])),
}
# And for one of its containers.
OF_CONTAINERS = {
    "is privileged": lambda pod, one: context(one).get("privileged"),
    "may gain privileges": lambda pod, one: context(one).get("allowPrivilegeEscalation") is not False,
    "does not drop all capabilities": lambda pod, one: "ALL" not in capabilities(one, "drop"),
    "adds a capability": lambda pod, one: capabilities(one, "add") - {"NET_BIND_SERVICE"},
    "may run as root": lambda pod, one: setting(pod, one, "runAsNonRoot") is not True,
    "runs as root": lambda pod, one: setting(pod, one, "runAsUser") == 0,
    "has no seccomp profile": lambda pod, one: (setting(pod, one, "seccompProfile") or {}).get("type") not in ("RuntimeDefault", "Localhost"),
    "has AppArmor switched off": lambda pod, one: (setting(pod, one, "appArmorProfile") or {}).get("type") == "Unconfined",
    "has SELinux options": selinux,
    "sees all of /proc": lambda pod, one: context(one).get("procMount", "Default") != "Default",
    "has a port of its host": lambda pod, one: any(port.get("hostPort") for port in one.get("ports", [])),
    "is probed at another host": lambda pod, one: any(handler.get("host") for handler in handlers(one)),
    "is a process of a Windows host": lambda pod, one: (setting(pod, one, "windowsOptions") or {}).get("hostProcess"),
    "writes to its root filesystem": lambda pod, one: context(one).get("readOnlyRootFilesystem") is not True,
}


def pods(document):
    """Specs of the pods that a document starts."""
    if document["kind"] == "Workflow":
        for step in document["spec"]["steps"]:
            yield {**step["pod"], **step["pod"]["overrides"]}
    elif "template" in document.get("spec", {}):
        yield document["spec"]["template"]["spec"]


def faults(pod):
    yield from (wrong for wrong, is_so in OF_PODS.items() if is_so(pod))
    for container in [*pod["containers"], *pod.get("initContainers", [])]:
        yield from (f"container {container['name']} {wrong}" for wrong, is_so in OF_CONTAINERS.items() if is_so(pod, container))


def check(root):
    return [f"{install}: {helm.name_of(document)}: {fault}" for install, documents in helm.installs(root)
            for document in documents for pod in pods(document) for fault in faults(pod)]


if __name__ == "__main__":
    sys.exit(tree.report(check(sys.argv[1] if len(sys.argv) > 1 else "."), "faults of pods"))
