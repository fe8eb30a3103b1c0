"""The cluster that the tests use: the one that COREFLOW_E2E_KUBECONFIG names, or one of our own."""
import json
import os
import subprocess

from harness import paths
from harness.kubectl import Kubectl


# With etcd's HTTP gateway; it answers 400 when they are gone already.
FORGET = """
import json, urllib.error, urllib.request
compact = urllib.request.Request("http://127.0.0.1:2379/v3/kv/compaction", json.dumps({"revision": "50"}).encode())
try:
    urllib.request.urlopen(compact)
except urllib.error.HTTPError as error:
    assert "compacted" in error.read().decode(), error
"""


def established(crd):
    conditions = crd.get("status", {}).get("conditions") or []
    return any(one["type"] == "Established" and one["status"] == "True" for one in conditions)


class Cluster:
    """A Kubernetes, with CoreFlow's CRDs unless it is to be an empty one. `own` says whether its node and its audit log are ours
    to use; `options` are for hack/cluster/cluster up. One more at a time has a name with a suffix."""

    def __init__(self, options=(), suffix="", empty=False):
        self.name = paths.NAME + suffix
        given = os.environ.get("COREFLOW_E2E_KUBECONFIG")
        self.own = given is None
        if self.own and empty:
            self.tool("down")  # one that was kept is not empty
        self.kubeconfig = given or self.tool("up", *options)
        programs = subprocess.run([paths.PROGRAMS, "kubernetes"], capture_output=True, text=True, check=True).stdout.strip()
        self.kubectl = Kubectl(os.path.join(programs, "kubectl"), self.kubeconfig)
        if not empty:
            self._define()

    def _define(self):
        self.kubectl("apply", "-f", paths.CRDS)
        with self.kubectl.watch("crd") as crds:  # kubectl wait fails on one that was made a moment ago and has no conditions yet
            crds.until(lambda seen: len(seen) >= len(os.listdir(paths.CRDS)) and all(map(established, seen.values())), what="CRDs that are served")

    def tool(self, verb, *arguments):
        """hack/cluster/cluster; what it prints."""
        done = subprocess.run([paths.CLUSTER, verb, "--name", self.name, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"hack/cluster/cluster {verb} failed:\n{done.stdout}{done.stderr}"
        return done.stdout.strip()

    def down(self):
        if self.own and not os.environ.get("COREFLOW_E2E_KEEP"):
            self.tool("down")

    def forget_the_past(self):
        """etcd and the API server's caches drop the versions of the cluster's first moments; a cluster that is not ours has
        done so by itself long ago."""
        if self.own:
            self.tool("exec", "--", "python3", "-c", FORGET)
            self.tool("restart", "kube-apiserver")

    def audit(self, namespace, resource, verb=None):
        """The requests for a resource of a namespace that were answered, oldest first; see config/audit-policy.yaml."""
        found = []
        with open(self.tool("path", "audit-log"), encoding="utf-8") as lines:
            for line in lines:
                if f'"{namespace}"' not in line or not line.endswith("\n"):  # the last one may be being written
                    continue
                event = json.loads(line)
                target = event.get("objectRef", {})
                if target.get("namespace") == namespace and target.get("resource") == resource and (
                        verb in (None, event["verb"]) and event["stage"] == "ResponseComplete"):
                    found.append(event)
        return found

    def accepted_creates(self, namespace):
        """Names of the pods that were really created, one for each time. A create whose client was killed before its answer
        is logged as 504, and may have taken effect: it counts when the scheduler gave a pod of that name a node more often
        than creates were answered 201. One that was cut off in mid-request has no name, and made nothing."""
        events = [e for e in self.audit(namespace, "pods", "create") if "name" in e["objectRef"]]
        answers = [(e["objectRef"]["name"], e["responseStatus"]["code"]) for e in events if "subresource" not in e["objectRef"]]
        bound = [e["objectRef"]["name"] for e in events if e["objectRef"].get("subresource") == "binding"
                 and e["responseStatus"]["code"] == 201]
        accepted = [name for name, code in answers if code == 201]
        for name in {name for name, code in answers if code == 504}:
            accepted += [name] * (bound.count(name) - accepted.count(name))
        return accepted
