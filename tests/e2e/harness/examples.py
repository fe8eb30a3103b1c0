"""The examples of the documentation, and what each comes to."""
import dataclasses
import glob
import os

import yaml
from harness import kept_logs, paths
from harness.namespace import condition, outputs

# Those that need what only an install has, the image of the couriers: test_chart.py runs them.
OF_INSTALLS = {"artifacts.yaml", "build-test-package.yaml", "kept-logs.yaml", "map-reduce.yaml", "test-report.yaml"}
FILES = sorted(os.path.basename(path) for path in glob.glob(f"{paths.EXAMPLES}/*.yaml"))


@dataclasses.dataclass(frozen=True)
class End:
    """What one comes to: the run's outputs, its state, and of some items the state and the number of attempts."""
    outputs: dict | None = dataclasses.field(default_factory=dict)  # None: `check` looks at them
    state: str = "Succeeded"
    reason: str = ""  # of the condition, where it is not the state
    states: dict = dataclasses.field(default_factory=dict)  # {step, or (step, index): state}
    attempts: dict = dataclasses.field(default_factory=dict)
    after: str = ""  # the file that runs before it
    meanwhile: object = None  # called with the namespace when it has been applied
    check: object = None  # called with the namespace and the run


def resume(ns):
    ns.wait("hold", lambda thing: condition(thing, "Suspended").get("status") == "True", what="hold is suspended")
    ns.patch("hold", {"suspend": False})


def stop(ns):
    ns.running_pod()
    ns.patch("until-stopped", {"stop": "Immediate"})


def counts_all_licence_words(_, done):
    results = outputs(done)
    assert results["total"] == results["wc"] == sum(results["words"]) > 10000


def what_succeeded_is_reused(ns, done):
    assert done["status"]["run"]["reused"] == 3 and done["status"]["run"]["retryFrom"] == "etl/1"
    assert ns.items(done)["transform"]["reason"] == "Succeeded"


def each_artifact_is_kept_once(ns, done):
    kept = {key: item["artifacts"] for key, item in ns.items(done).items() if "artifacts" in item}
    assert set(kept) == {"write", ("count", 0), ("count", 1), ("count", 2)}
    assert kept["write"][0]["archive"] == "TarZstd" and kept["write"][0]["digest"].startswith("sha256:")


def the_failed_step_left_its_report(ns, done):
    assert [one["name"] for one in ns.items(done)["test"]["artifacts"]] == ["report"]


def the_logs_are_kept(ns, done):
    items = ns.items(done)
    assert {step for step in items if kept_logs.kept(items[step])} == {"migrate", "report"}
    assert kept_logs.kept(items["migrate"]) == kept_logs.of(b"3 tables to go\ntable orders is locked\n")


def two_backups_at_once(ns, done):
    """By the second: one that ends when another starts is not counted."""
    spans = [(item["startTime"], item["completionTime"]) for key, item in ns.items(done).items() if key[0] == "backup"]
    assert len(spans) == 5
    for at, _ in spans:
        assert sum(start <= at < end for start, end in spans) <= 2, spans


ENDS = {
    "artifacts.yaml": End({"lines": 600}, check=each_artifact_is_kept_once),
    "branches.yaml": End({"staging": "Succeeded", "production": "Skipped"},
                         states={"load-test": "Skipped", "production": "Skipped", "announce": "Succeeded"}),
    # The digest of an archive is the same on each machine.
    "build-test-package.yaml": End({"said": "greet 1.4.0: hello, you", "bytes": 5632,
                                    "package": "sha256:4e1f670c92d5d1a76824998c7980a88cfe25800b4cb977933794e1aa59c3ff17"}),
    "deadline.yaml": End(state="Failed", reason="DeadlineExceeded",
                         states={"endless": "Stopped", "after": "Omitted", "give-back": "Succeeded"}),
    "diamond.yaml": End({"sum": 22}),
    "etl-broken.yaml": End(state="Failed", reason="StepFailed",
                           states={("extract", 2): "Succeeded", "transform": "Failed", "load": "Omitted"}),
    "etl-fixed.yaml": End({"tax": 5500}, after="etl-broken.yaml", check=what_succeeded_is_reused),
    "exit-codes.yaml": End({"attempts": {"fetch": 3, "parse": 1, "ask": 2}, "parse": "CommandFailed"}),
    "for-each.yaml": End(states={("greet", 3): "Succeeded", "summary": "Succeeded"}),
    "forecast.yaml": End({"tomorrow": 9}),
    "hello.yaml": End(states={"hello": "Succeeded"}),
    "hold.yaml": End({"tables": 12}, meanwhile=resume),
    "interpreter.yaml": End({"euros": 1126.83, "text": "$[[ not replaced ]] $HOME"}),
    "job-indexed.yaml": End(states={("job", index): "Succeeded" for index in range(6)}),
    "job-some-fail.yaml": End(states={("job", index): "Failed" if index in (3, 5) else "Succeeded" for index in range(8)}),
    "job.yaml": End(states={("job", 0): "Succeeded"}),
    "kept-logs.yaml": End(states={"migrate": "Failed", "report": "Succeeded"}, check=the_logs_are_kept),
    "licence-words.yaml": End(None, check=counts_all_licence_words),
    "map-reduce.yaml": End({"counts": {"fizz": 267, "buzz": 134}, "both": 66}, attempts={("map", 2): 1}),
    "matrix.yaml": End({"results": ["debian-17:ok", "debian-21:ok", "alpine-17:ok", "alpine-21:ok", "windows-21:ok"]}),
    "mirrors.yaml": End({"ends": ["Failed", "Succeeded", "Succeeded", "Skipped"]}, states={"tell": "Succeeded"}),
    "notify.yaml": End(state="Failed", reason="StepFailed",
                       states={("check", 1): "Failed", "publish": "Omitted", "notify": "Succeeded", "clean-up": "Succeeded"}),
    "objects.yaml": End({"up": 6, "regions": ["north", "south"]}),
    "parallelism.yaml": End({"bytes": 24000, "largest": 6000, "entries": [1, 4, 9]}, check=two_backups_at_once),
    "parameters.yaml": End({"pods": 6, "countries": ["no", "pe"], "delivery": 5}),
    "pod-options.yaml": End(states={"build": "Succeeded"}),
    "restricted.yaml": End(states={"who": "Succeeded"}),
    "retries.yaml": End(states={"broken": "Failed", "repair": "Succeeded", "report": "Succeeded"}, attempts={"flaky": 3, "broken": 1}),
    "settings.yaml": End({"who": "ada@eu"}),
    "sidecar.yaml": End({"answer": 42}),
    "step-cache.yaml": End({"model": "300 rows at 0.1"}),
    "test-report.yaml": End({"passed": 2, "failed": "writes", "crashed": False}, states={"test": "Failed"},
                            check=the_failed_step_left_its_report),
    "until-stopped.yaml": End(state="Stopped", states={"serve": "Stopped", "after": "Omitted", "sign-off": "Succeeded"}, meanwhile=stop),
    "word-count.yaml": End(states={("count", 3): "Succeeded", "report": "Succeeded", "notify": "Succeeded"}),
}


def read(file):
    """Its text, and the one object of CoreFlow in it."""
    with open(os.path.join(paths.EXAMPLES, file), encoding="utf-8") as opened:
        text = opened.read()
    thing, = (one for one in yaml.safe_load_all(text) if one["apiVersion"].startswith("coreflow.dev/"))
    return text, thing


def run(ns, file):
    """Runs it as it stands there, to the end that it says."""
    end = ENDS[file]
    if end.after:
        run(ns, end.after)
    text, thing = read(file)
    ns.apply(text)
    if end.meanwhile:
        end.meanwhile(ns)
    done = ns.end(thing["metadata"]["name"], end.state, 240, "cfj" if thing["kind"] == "Job" else "cfw")
    assert condition(done)["reason"] == (end.reason or end.state)
    if end.check:
        end.check(ns, done)
    if end.outputs is not None:
        assert outputs(done) == end.outputs
    items = ns.items(done)
    assert {key: items[key]["state"] for key in end.states} == end.states
    assert {key: items[key]["attempts"] for key in end.attempts} == end.attempts
