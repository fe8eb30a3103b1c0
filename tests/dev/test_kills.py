"""kill -9 of the control plane at random moments under load: nothing that was acknowledged is lost, every run ends right,
and no step runs again once it was seen to have succeeded."""
import http.client
import os
import random
import threading
import time

from control_plane import ControlPlane

KILLS = int(os.environ.get("COREFLOW_KILLS", "30"))
ITEMS = 3
CONFIGS = "/api/v1/namespaces/default/configmaps"
RUNS = "/apis/coreflow.dev/v1alpha1/namespaces/default/workflows"
PODS = "/api/v1/namespaces/default/pods"

# Says who starts and who is done; two of one item at once say so. The lock goes with its holder.
SCRIPT = """
exec 9>>"$0-$COREFLOW_STEP-$COREFLOW_INDEX.lock"
flock -n 9 || echo "twice $0 $COREFLOW_STEP/$COREFLOW_INDEX" >>FOLDER/ledger
echo "start $0 $COREFLOW_STEP/$COREFLOW_INDEX" >>FOLDER/ledger
sleep 0.1
echo "done $0 $COREFLOW_STEP/$COREFLOW_INDEX" >>FOLDER/ledger
"""


def workflow(name, folder):
    step = {"image": "busybox:1.36", "command": ["sh", "-c", SCRIPT.replace("FOLDER", "/ledger"), f"/ledger/{name}"],
            "volumeMounts": [{"name": "ledger", "mountPath": "/ledger"}],
            # Each kill is a lost node to what runs: by default a step has three of these.
            "retryPolicy": {"infrastructureLimit": 100, "backoffSeconds": 1, "backoffFactorPercent": 100}}
    return {"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": name},
            "spec": {"podCleanup": "Never", "defaults": {"pod": {"volumes": [{"name": "ledger", "hostPath": {"path": folder}}]}},
                     "steps": [{"name": "work", "forEach": {"items": str(list(range(ITEMS)))}, **step},
                               {"name": "last", "dependsOn": ["work"], **step}]}}


class Load:
    """One client that writes all the time, and knows what was acknowledged."""

    def __init__(self, plane, random_numbers, folder):
        self.plane, self.random, self.folder = plane, random_numbers, folder
        self.want = {}  # name of a ConfigMap: the values that it may have; None: it may be missing
        self.runs = []  # acknowledged
        self.tried = 0
        self.succeeded = {}  # "run step/index": lines of the ledger when its pod was seen to have succeeded

    def ledger(self):
        path = os.path.join(self.folder, "ledger")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as lines:
            return lines.read().splitlines()

    def go(self):
        """Until the control plane is no more."""
        try:
            while True:
                self.write_run()
                for _ in range(5):
                    self.write_config()
                self.look()
        except (OSError, http.client.HTTPException):
            pass

    def write_run(self):
        self.tried += 1
        name = f"run-{self.tried}"
        status, said = self.plane.ask("POST", RUNS, workflow(name, self.folder))
        assert status == 201, said
        self.runs.append(name)

    def write_config(self):
        name = f"config-{self.random.randrange(20)}"
        before = self.want.get(name, {None})
        if before != {None} and self.random.random() < 0.2:
            self.want[name] = before | {None}
            status, _ = self.plane.ask("DELETE", f"{CONFIGS}/{name}")
            assert status == 200 or None in before
            self.want[name] = {None}
            return
        value = str(self.random.randrange(10**9))
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"value": value}}
        self.want[name] = before | {value}
        status, said = self.plane.ask("PUT", f"{CONFIGS}/{name}", body)
        if status == 404:
            assert None in before, f"{name} is lost"
            status, said = self.plane.ask("POST", CONFIGS, body)
        assert status in (200, 201), said
        self.want[name] = {value}

    def look(self):
        pods = self.plane.ask("GET", PODS)[1]["items"]
        ledger = len(self.ledger())  # after: what started before its end was seen is in it
        for pod in pods:
            if pod["status"].get("phase") == "Succeeded":
                told = {one["name"]: one.get("value", "") for one in pod["spec"]["containers"][0]["env"]}
                item = f"{pod['metadata']['labels']['coreflow.dev/workflow']} {told['COREFLOW_STEP']}/{told.get('COREFLOW_INDEX', '')}"
                self.succeeded.setdefault(item, ledger)

    def check_writes(self):
        there = {one["metadata"]["name"]: one["data"]["value"] for one in self.plane.ask("GET", CONFIGS)[1]["items"]}
        for name, may in self.want.items():
            assert there.get(name) in may, f"{name} is {there.get(name)}, not one of {may}"
            self.want[name] = {there.get(name)}  # from now on it is known
        runs = {one["metadata"]["name"] for one in self.plane.ask("GET", RUNS)[1]["items"]}
        assert set(self.runs) <= runs, f"lost: {set(self.runs) - runs}"

    def check_runs(self):
        deadline = time.monotonic() + 300
        while True:
            self.look()
            states = {one["metadata"]["name"]: one.get("status", {}).get("state") for one in self.plane.ask("GET", RUNS)[1]["items"]}
            if all(state in ("Succeeded", "Failed", "Stopped") for state in states.values()):
                break
            assert time.monotonic() < deadline, f"not all have ended: {states}"
        assert set(states.values()) == {"Succeeded"}, states
        return states

    def check_ledger(self, runs):
        ledger = self.ledger()
        assert not [line for line in ledger if line.startswith("twice")], "two attempts of one item ran at once"
        for item, lines in self.succeeded.items():
            run, step = item.split()
            again = [line for line in ledger[lines:] if line == f"start {self.inside(run)} {step}"]
            assert not again, f"{item} ran again after it had succeeded"
        for run in runs:
            for item in [f"work/{index}" for index in range(ITEMS)] + ["last/"]:
                done = f"done {self.inside(run)} {item}"
                assert done in ledger, f"{run} has succeeded without {item}"
            work = [at for at, line in enumerate(ledger) if line.startswith(f"done {self.inside(run)} work/")]
            last = ledger.index(f"start {self.inside(run)} last/")
            assert len([at for at in work if at < last]) >= ITEMS, f"{run}: last began before all of work was done"

    @staticmethod
    def inside(run):
        return f"/ledger/{run}"


def test_kills(request, tmp_path):
    seed = request.config.getoption("--seed")
    numbers = random.Random(seed)
    folder = tmp_path / "ledger"
    folder.mkdir()
    plane = ControlPlane(tmp_path / "data", f"--allow-host-path={folder}")
    load = Load(plane, random.Random(seed + 1), str(folder))
    for _ in range(KILLS):
        if numbers.random() < 0.1:  # while it is starting
            plane.start(wait=False)
            killer = threading.Timer(numbers.uniform(0, 0.2), plane.process.kill)
            killer.start()
            plane.process.wait()
            killer.join()
            plane.process.stderr.close()
            continue
        plane.start()
        load.check_writes()
        killer = threading.Timer(numbers.uniform(0, 0.8), plane.process.kill)
        killer.start()
        load.go()
        killer.join()
        plane.kill9()
    plane.start()
    load.check_writes()
    states = load.check_runs()
    load.check_ledger(states)
    assert load.succeeded and load.runs, "the load did nothing"
    assert plane.stop() == 0
