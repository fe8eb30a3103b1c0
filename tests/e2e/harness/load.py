"""Many runs at once that are all under way for as long as a test wants, and what must have come of them: each attempt, once."""
import json
import os

from harness.namespace import has_ended

RUNS = 200
STEPS = ("first", "second")
IN_TIME = 600  # seconds for one machine to start as many pods


class Load:
    """Workflows of two steps, each of which ends when its gate is opened. The gates are pipes in the ledger's folder: who opens one
    for reading waits, without a look at the clock, until somebody has it open for writing."""

    def __init__(self, ns, ledger):
        self._ns, self._ledger, self._open = ns, ledger, []
        for step in STEPS:
            os.mkfifo(self._gate(step), 0o666)
            os.chmod(self._gate(step), 0o666)

    def _gate(self, step):
        return os.path.join(self._ledger.folder, f"gate-{step}")

    def _workflow(self, number):
        script = 'echo "$COREFLOW_WORKFLOW/$COREFLOW_STEP/$COREFLOW_ATTEMPT" >>/ledger/attempts; : </ledger/gate-'
        steps = [{"name": step, "script": script + step, "volumeMounts": [{"name": "ledger", "mountPath": "/ledger"}]} for step in STEPS]
        steps[1]["dependsOn"] = ["first"]
        pod = {"volumes": [{"name": "ledger", "hostPath": {"path": self._ledger.folder}}]}
        return {"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": f"load-{number}"},
                "spec": {"defaults": {"image": "busybox:1.36", "pod": pod}, "steps": steps}}

    def start(self):
        self._ns.apply("\n---\n".join(json.dumps(self._workflow(number)) for number in range(RUNS)))

    def all_wait_in(self, step):
        """Waits until each run has a running pod of this step, none having ended."""
        with self._ns.kubectl.watch("pods", f"--selector=coreflow.dev/step={step}") as pods:
            pods.until(lambda all: [pod["status"].get("phase") for pod in all.values()] == ["Running"] * RUNS,
                       IN_TIME, f"{RUNS} running pods of step {step}")
        assert not [one["metadata"]["name"] for one in self._ns.kubectl.items("cfw") if has_ended(one)]

    def let(self, step):
        """From now on pods of this step end."""
        self._open.append(os.open(self._gate(step), os.O_RDWR))

    def close(self):
        """What still waits goes on."""
        for step in STEPS:
            self.let(step)
        for one in self._open:
            os.close(one)

    def ended_once(self, cluster):
        """Waits for the end of all; nothing was lost, and nothing was done twice, as the programs, the records and the API server say."""
        with self._ns.kubectl.watch("cfw") as workflows:
            all_ = workflows.until(lambda seen: seen if len(seen) == RUNS and all(map(has_ended, seen.values())) else None,
                                   IN_TIME, f"{RUNS} runs that have ended")
        said = {name: (one["status"]["state"], one["status"]["run"]["number"]) for name, one in all_.items()}
        assert set(said.values()) == {("Succeeded", 1)}, said
        attempts = sorted(f"{name}/{step}/1" for name in all_ for step in STEPS)
        assert self._ledger.attempts() == attempts, "each attempt ran exactly once"
        owners = {one["metadata"]["uid"]: name for name, one in all_.items()}
        recorded = [f"{owners[record['metadata']['ownerReferences'][0]['uid']]}/{item['step']}/{item['attempts']}"
                    for record in self._ns.kubectl.items("workflowrecords") for item in record.get("results", [])]
        assert sorted(recorded) == attempts, "each item is recorded once, with one attempt"
        created = cluster.accepted_creates(self._ns.name)
        assert len(created) == len(set(created)) == RUNS * len(STEPS), "each pod was created exactly once"
