"""The situations that a Workflow or Job in Git can be in, brought about with the real operator, and recorded."""
import json
import os
import re

import yaml
from harness.namespace import condition, has_ended

FOLDER = os.path.dirname(__file__)
KINDS = {"Workflow": "cfw", "Job": "cfj"}
NAME = "flow"
REQUESTED = "coreflow.dev/run-requested-at=2026-01-01T00:00:00Z"
FOREVER = ["sleep", "3600"]  # until it is ended

# What differs from one recording to the next, and what stands for it.
STABLE = [
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "2026-01-01T00:00:00Z"),
    (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "00000000-0000-0000-0000-000000000000"),
    (r"(podName: \S+)-[a-z0-9]{10}\b", r"\1-0000000000"),
    (r"duration: \d+s", "duration: 1s"),
    (r"v1:[0-9a-f]{64}", "v1:" + 64 * "0"),
]


class Declared:
    """An object as it stands in Git, in one namespace."""

    def __init__(self, ns, kind):
        self.ns, self.kind, self.short = ns, kind, KINDS[kind]

    def manifest(self, command=("true",), step=None, **spec):
        step = {"image": "busybox:1.36", "command": list(command), **(step or {})}
        spec |= {"template": step} if self.kind == "Job" else {"steps": [{"name": "work", **step}]}
        return json.dumps({"apiVersion": "coreflow.dev/v1alpha1", "kind": self.kind, "metadata": {"name": NAME}, "spec": spec})

    def only_said(self, text):
        """What the API server would store."""
        return json.loads(self.ns.apply(text, "--dry-run=server", "-o", "json"))

    def apply(self, claim, command=("true",), **more):
        """Applies it and waits; the object of which the claim is true."""
        self.ns.apply(self.manifest(command, **more))
        return self.wait(claim)

    def wait(self, claim):
        return self.ns.wait(NAME, claim, 60, self.short, "the situation")

    def patch(self, **spec):
        self.ns.patch(NAME, spec, self.short)

    def annotate(self, *arguments):
        return self.ns.kubectl("annotate", self.short, NAME, *arguments)


def reason_is(reason):
    return lambda thing: condition(thing).get("reason") == reason


def is_suspended(thing):
    return condition(thing, "Suspended").get("status") == "True"


def new(it):
    return it.only_said(it.manifest())


def suspended(it):
    return it.apply(is_suspended, suspend=True)


def waiting(it):
    secret = {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "missing", "key": "token"}}}
    return it.apply(reason_is("Misconfigured"), step={"env": [secret]})


def running(it):
    return it.apply(reason_is("Running"), FOREVER)


def held(it):
    running(it)
    it.patch(suspend=True)
    return it.wait(is_suspended)


def stopping(it):
    running(it)
    it.patch(stop="Graceful")
    return it.wait(reason_is("Stopping"))


def stopped(it):
    running(it)
    it.patch(stop="Immediate")
    return it.wait(has_ended)


def succeeded(it):
    return it.apply(has_ended)


def failed(it):
    return it.apply(has_ended, ["sh", "-c", "exit 3"])


def invalid(it):
    return it.apply(has_ended, ["echo", "$[[ params.nobody ]]"])


def edited(it):
    """In Git, and so in the cluster; not seen by the operator yet."""
    succeeded(it)
    more = {"completions": 2} if it.kind == "Job" else {"failFast": False}
    return it.only_said(it.manifest(**more))


def edited_while_running(it):
    running(it)
    it.patch(failFast=False)
    return it.ns.get(NAME, it.short)


def edited_to_the_same(it):
    succeeded(it)
    it.patch(podCleanup="Never")
    return it.wait(lambda thing: thing["status"]["observedGeneration"] == 2)


def requested(it):
    succeeded(it)
    return json.loads(it.annotate(REQUESTED, "--dry-run=server", "-o", "json"))


def rerunning(it):
    it.apply(has_ended, ["sh", "-c", 'test "$COREFLOW_RUN" = 1 || sleep 3600'])
    it.annotate(REQUESTED)
    return it.wait(lambda thing: thing["status"]["run"]["number"] == 2 and condition(thing)["reason"] == "Running")


def by_name(*makers):
    return {make.__name__.replace("_", "-"): make for make in makers}


# A Job goes through the same engine: those that are enough to see that its conditions are the same.
ALL = {
    "Workflow": by_name(new, suspended, waiting, running, held, stopping, stopped, succeeded, failed, invalid, edited,
                        edited_while_running, edited_to_the_same, requested, rerunning),
    "Job": by_name(new, suspended, running, stopped, succeeded, failed, invalid, edited),
}
EACH = [(kind, name) for kind, makers in ALL.items() for name in makers]


def recording(thing, namespace):
    """The object as YAML that is the same each time."""
    metadata = thing["metadata"]
    metadata["annotations"].pop("kubectl.kubernetes.io/last-applied-configuration")
    for name in ("managedFields", "resourceVersion", *([] if metadata["annotations"] else ["annotations"])):
        metadata.pop(name, None)
    text = yaml.safe_dump(thing, sort_keys=True, width=120).replace(namespace, "default")
    for pattern, by in STABLE:
        text = re.sub(pattern, by, text)
    return text


def path(kind, name):
    """Where it is recorded."""
    return os.path.join(FOLDER, kind, "testdata", name + ".yaml")


def recorded(kind, name):
    with open(path(kind, name), encoding="utf-8") as file:
        return yaml.safe_load(file)
