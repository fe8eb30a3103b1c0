"""Each rule of the Pod Security Standard can fail."""
import copy

import helm
import pod_security
import pytest

# What is wrong -> fields of the pod, and of its container, that make it so.
BREAKS = {
    "shares namespaces of its host": ({"hostPID": True}, {}),
    "mounts a volume of another kind": ({"volumes": [{"name": "v", "hostPath": {"path": "/"}}]}, {}),
    "sets a sysctl that is not safe": ({"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}}, {}),
    "is privileged": ({}, {"securityContext": {"privileged": True}}),
    "may gain privileges": ({}, {"securityContext": {"allowPrivilegeEscalation": None}}),
    "does not drop all capabilities": ({}, {"securityContext": {"capabilities": {"drop": ["NET_RAW"]}}}),
    "adds a capability": ({}, {"securityContext": {"capabilities": {"drop": ["ALL"], "add": ["SYS_ADMIN"]}}}),
    "may run as root": ({}, {"securityContext": {"runAsNonRoot": False}}),
    "runs as root": ({"securityContext": {"runAsUser": 0}}, {}),
    "has no seccomp profile": ({"securityContext": {"seccompProfile": {"type": "Unconfined"}}}, {}),
    "has AppArmor switched off": ({}, {"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}),
    "has SELinux options": ({"securityContext": {"seLinuxOptions": {"type": "spc_t"}}}, {}),
    "sees all of /proc": ({}, {"securityContext": {"procMount": "Unmasked"}}),
    "has a port of its host": ({}, {"ports": [{"containerPort": 80, "hostPort": 80}]}),
    "is probed at another host": ({}, {"livenessProbe": {"httpGet": {"host": "elsewhere", "port": 80}}}),
    "is a process of a Windows host": ({"securityContext": {"windowsOptions": {"hostProcess": True}}}, {}),
    "writes to its root filesystem": ({}, {"securityContext": {"readOnlyRootFilesystem": False}}),
}
STARTING_PODS = {"Deployment coreflow-operator", "Job coreflow-uninstall", "Job coreflow-test", "Workflow coreflow-test"}


def merged(under, over):
    return {**under, **{key: merged(under.get(key) or {}, value) if isinstance(value, dict) else value for key, value in over.items()}}


@pytest.fixture(name="pod")
def pod_(root):
    documents = helm.rendered(root)
    return copy.deepcopy(next(pod for document in documents for pod in pod_security.pods(document)))


def test_pods_of_the_charts_are_restricted(root):
    assert pod_security.check(root) == []


def test_the_pods_of_all_hooks_are_looked_at(root):
    assert {helm.name_of(document) for document in helm.rendered(root) if list(pod_security.pods(document))} == STARTING_PODS


@pytest.mark.parametrize("rule", [*pod_security.OF_PODS, *pod_security.OF_CONTAINERS])
def test_a_pod_that_is_not_restricted_is_told(pod, rule):
    of_pod, of_container = BREAKS[rule]
    container = merged(pod["containers"][0], of_container)
    (fault,) = pod_security.faults({**merged(pod, of_pod), "containers": [container]})
    assert fault in (rule, f"container {container['name']} {rule}")
