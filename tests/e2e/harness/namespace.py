"""A namespace of a test, and what tests ask of the runs in it."""
import json
import textwrap

ENDED = ("Succeeded", "Failed", "Stopped")


def condition(thing, kind="Succeeded"):
    """The condition of an object, {} when it has none."""
    return next((c for c in thing.get("status", {}).get("conditions", []) if c["type"] == kind), {})


def has_ended(thing):
    """Whether the run that the object's present generation asks for has ended."""
    status = thing.get("status", {})
    return status.get("observedGeneration") == thing["metadata"]["generation"] and condition(thing).get("status") in ("True", "False")


def make(kubectl, name):
    """A new namespace, ready for pods."""
    kubectl("create", "namespace", name)
    made = Namespace(kubectl, name)
    made.kubectl("wait", "--for=create", "--timeout=60s", "serviceaccount/default")
    return made


class Namespace:
    """kubectl in one namespace, with CoreFlow's words. `kind` is cfw (Workflow) or cfj (Job) below."""

    def __init__(self, kubectl, name):
        self.name = name
        self.kubectl = type(kubectl)(kubectl.program, kubectl.kubeconfig, name)

    def apply(self, text, *arguments):
        """Applies YAML; what kubectl says."""
        return self.kubectl("apply", "-f", "-", *arguments, stdin=textwrap.dedent(text))

    def refused(self, text, *arguments):
        """What kubectl says about YAML that the API server must refuse."""
        return self.kubectl.fails("apply", "-f", "-", *arguments, stdin=textwrap.dedent(text))

    def get(self, name, kind="cfw"):
        return self.kubectl.json(kind, name)

    def patch(self, name, spec, kind="cfw"):
        """Merges into the object's spec."""
        self.kubectl("patch", kind, name, "--type=merge", "-p", json.dumps({"spec": spec}))

    def wait(self, name, claim, timeout=120, kind="cfw", what=None):
        """Waits for claim(object) and returns the object."""
        # By a selector: of one that is named, kubectl gets the object, then watches anew and drops what it is then.
        with self.kubectl.watch(kind, f"--field-selector=metadata.name={name}") as watch:
            return watch.until(lambda all: all.get(name) if name in all and claim(all[name]) else None, timeout, what or claim.__doc__)

    def end(self, name, want="Succeeded", timeout=120, kind="cfw"):
        """Waits until the run has ended, which must be as wanted, and returns the object."""
        thing = self.wait(name, has_ended, timeout, kind, f"{kind}/{name} has ended")
        said = {key: condition(thing).get(key) for key in ("reason", "message")}
        assert thing["status"]["state"] == want, f"{name} is {thing['status']['state']}, not {want}: {said}"
        assert want in ENDED and (condition(thing)["status"] == "True") == (want == "Succeeded"), said
        return thing

    def run(self, text, want="Succeeded", timeout=120):
        """Applies one object and waits for its end."""
        self.apply(text)
        head = json.loads(self.kubectl("create", "-f", "-", "--dry-run=client", "-o", "json", stdin=textwrap.dedent(text)))
        return self.end(head["metadata"]["name"], want, timeout, "cfj" if head["kind"] == "Job" else "cfw")

    def items(self, thing):
        """What each item of the object's present run came to, from its records: {step, or (step, index): record's item}."""
        found = {}
        for record in self.kubectl.items("workflowrecords"):
            owner = record["metadata"]["ownerReferences"][0]
            if owner["uid"] != thing["metadata"]["uid"] or record["run"] != thing["status"]["run"]["number"]:
                continue
            for item in record.get("results", []):
                key = (item["step"], item["index"]) if "index" in item else item["step"]
                assert key not in found, f"{key} is recorded twice"
                found[key] = item
        return found

    def attempts(self, thing):
        """How often each item of the present run was tried."""
        return {key: item["attempts"] for key, item in self.items(thing).items()}

    def states(self, thing):
        return {key: item["state"] for key, item in self.items(thing).items()}

    def pods(self):
        return self.kubectl.items("pods")

    def running_pod(self):
        """Waits until a pod of a run is running; its name."""
        with self.kubectl.watch("pods") as watch:
            return watch.until(lambda all: next((name for name, pod in all.items() if "coreflow.dev/run-id" in pod["metadata"].get("labels", {})
                                                 and pod["status"].get("phase") == "Running"), None), what="a running pod")

    def logs(self, pod):
        return self.kubectl("logs", pod)


def outputs(thing):
    """The run's results."""
    return {output["name"]: output.get("value") for output in thing["status"].get("outputs", [])}
