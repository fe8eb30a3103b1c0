"""The admission policy of docs/security.md: what administrators forbid is refused, and nothing else is."""
import json

import pytest
import yaml
from harness import monitoring
from harness.fence import wait_until
from harness.kubectl import CommandFailed

STEP = {"name": "a", "image": "busybox:1.36", "command": ["true"]}
OVERRIDES = {"pod": {"overrides": {"hostname": "mine"}}}
HOST_PORT = {"ports": [{"containerPort": 80, "hostPort": 8080}]}


def workflow(first=(), **spec):
    return {"kind": "Workflow", "spec": {"steps": [{**STEP, **dict(first)}], **spec}}


def job(**template):
    return {"kind": "Job", "spec": {"template": {"image": "busybox:1.36", "command": ["true"], **template}}}


REFUSED = {
    "pod.overrides": [workflow(OVERRIDES), workflow(**{"finally": [{**STEP, "name": "b", **OVERRIDES}]}), workflow(defaults=OVERRIDES),
                      job(**OVERRIDES)],
    "hostPort": [workflow(HOST_PORT), workflow(**{"finally": [{**STEP, "name": "b", **HOST_PORT}]}), job(**HOST_PORT)],
}
PLAIN = {"pod": {"nodeSelector": {"kubernetes.io/os": "linux"}}, "ports": [{"containerPort": 80}]}
TAKEN = [workflow(PLAIN, defaults={"pod": PLAIN["pod"]}, **{"finally": [{**STEP, "name": "b"}]}), job(**PLAIN)]


def refusal(ns, thing):
    """What the API server says against it; nothing when it would take it."""
    text = json.dumps({"apiVersion": "coreflow.dev/v1alpha1", "metadata": {"name": "one"}, **thing})
    try:
        ns.kubectl("create", "--dry-run=server", "-f", "-", stdin=text)
    except CommandFailed as refused:
        return refused.text
    return ""


@pytest.fixture
def policy(cluster, ns):
    """The one of the page, from when API servers keep to it, for the test's namespace."""
    for thing in [*REFUSED["pod.overrides"], *REFUSED["hostPort"]]:
        assert refusal(ns, thing) == "", "it is taken where no policy is"
    manifests = yaml.safe_dump_all(one for one in monitoring.manifests("security.md"))
    cluster.kubectl("apply", "-f", "-", stdin=manifests)
    cluster.kubectl("label", "namespace", ns.name, "example.com/steps=plain")
    wait_until(lambda: "plain-steps: " in refusal(ns, workflow(OVERRIDES)), "the policy works")
    yield
    cluster.kubectl("delete", "-f", "-", stdin=manifests)


def test_the_policy_of_the_page_forbids_what_it_says_and_no_more(policy, ns):
    for field, things in REFUSED.items():
        for thing in things:
            assert f"plain-steps: {field} is not for this namespace" in refusal(ns, thing), thing
    assert [refusal(ns, thing) for thing in TAKEN] == ["", ""]
