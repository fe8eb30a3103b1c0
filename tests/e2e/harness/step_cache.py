"""Workflows with a step cache, and what they come to: the same on a cluster and without one."""
import base64
import json

from harness.namespace import has_ended

IMAGE = "busybox:1.36"


def workflow(name, steps, **spec):
    return json.dumps({"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "metadata": {"name": name},
                       "spec": {"defaults": {"image": IMAGE, "cache": {"mode": "Auto"}}, "steps": steps, **spec}})


def learn(ns):
    """Lets the image be seen."""
    ns.run(workflow("learn", [{"name": "learn", "script": "echo learn"}]))


def decisions(ns, thing):
    return {key: item["cache"]["decision"] for key, item in ns.items(thing).items()}


TRAIN = [
    {"name": "load", "script": 'echo rows=300 >"$COREFLOW_OUTPUT"', "outputs": [{"name": "rows", "type": "Integer"}]},
    {"name": "train", "parameters": [{"name": "rate"}, {"name": "rows", "value": "$[[ steps.load.outputs.rows ]]"}],
     "script": 'echo "model=$PARAM_ROWS at $PARAM_RATE" >"$COREFLOW_OUTPUT"', "outputs": [{"name": "model"}]},
]


def train(name, rate):
    return workflow(name, TRAIN, parameters=[{"name": "rate", "default": rate}],
                    outputs=[{"name": "model", "value": "steps.train.outputs.model"}])


def check_that_a_result_is_taken(ns):
    """By another Workflow with the same steps, which has no pod; and a change runs what it changes."""
    learn(ns)
    first = ns.run(train("first", "0.1"))
    assert decisions(ns, first) == {"load": "Miss", "train": "Miss"}
    second = ns.run(train("second", "0.1"))
    assert decisions(ns, second) == {"load": "Hit", "train": "Hit"}
    assert second["status"]["outputs"] == first["status"]["outputs"] == [{"name": "model", "value": "300 at 0.1"}]
    assert second["status"]["cache"]["hits"] == 2
    assert not [pod for pod in ns.pods() if pod["metadata"]["labels"].get("coreflow.dev/workflow") == "second"]
    items = ns.items(second)
    assert {item["reason"] for item in items.values()} == {"CacheHit"} and items["load"]["cache"]["from"] == "first/1"
    edited = ns.run(train("first", "0.2"))
    assert decisions(ns, edited) == {"load": "Hit", "train": "Miss"}
    assert ns.items(edited)["train"]["cache"]["because"] == "parameter rate 0.1 → 0.2"


def check_that_equal_items_run_once(ns):
    learn(ns)
    done = ns.run(workflow("equal", [{"name": "same", "forEach": {"items": "[7, 7, 7, 7]"}, "script": "sleep 1"}]))
    assert sorted(decisions(ns, done).values()) == ["Hit", "Hit", "Hit", "Miss"]
    assert done["status"]["cache"] == {"hits": 3, "misses": 1, "secondsSaved": 3}


def check_what_cant_be_cached(ns):
    learn(ns)
    anything = {"overrides": {"volumes": [{"name": "scratch", "emptyDir": {}}]}}
    read = ns.items(ns.run(workflow("read", [{"name": "read", "script": "true", "pod": anything}])))["read"]["cache"]
    assert read == {"decision": "NotCacheable", "because": "pod.overrides.volumes may be anything"}


ENV = {"use": {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}},
       "say": {"name": "WORD", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "word", "optional": True}}}}
FILES = [{"name": "secret", "secret": {"secretName": "db"}},
         {"name": "settings", "configMap": {"name": "settings", "optional": True}}]


def reads(name):
    """A step with a variable out of a Secret, one with one out of a ConfigMap, and one with both as files."""
    return workflow(name, [
        {"name": "use", "script": 'test -n "$PASSWORD"', "env": [ENV["use"]]},
        {"name": "say", "script": 'echo "word=$WORD" >"$COREFLOW_OUTPUT"', "outputs": [{"name": "word"}], "env": [ENV["say"]]},
        {"name": "mount", "script": "test -s /secret/password", "pod": {"volumes": FILES},
         "volumeMounts": [{"name": volume["name"], "mountPath": f"/{volume['name']}"} for volume in FILES]}])


def put(ns, kind, name, **data):
    """A Secret or ConfigMap with this content."""
    if kind == "Secret":
        data = {key: base64.b64encode(value.encode()).decode() for key, value in data.items()}
    ns.apply(json.dumps({"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, "data": data}))


def once_more(ns, name):
    """The next run of what is there, when it has ended."""
    before = ns.get(name)["status"]["run"]["number"]
    ns.kubectl("annotate", "cfw", name, f"coreflow.dev/run-requested-at=after-{before}", "--overwrite")
    ns.wait(name, lambda thing: thing["status"]["run"]["number"] > before and has_ended(thing), what=f"the next run of {name}")
    return ns.end(name)


def check_contents(ns):
    """What a Secret or ConfigMap has is part of the key: where it is the same results are taken, and a change runs what reads it
    and says so."""
    learn(ns)
    put(ns, "Secret", "db", password="one", user="u")
    assert decisions(ns, ns.run(reads("first"))) == {"use": "Miss", "say": "Miss", "mount": "Miss"}
    assert decisions(ns, ns.run(reads("second"))) == {"use": "Hit", "say": "Hit", "mount": "Hit"}
    put(ns, "Secret", "db", password="one", user="another")
    assert decisions(ns, ns.run(reads("third"))) == {"use": "Hit", "say": "Hit", "mount": "Miss"}
    put(ns, "Secret", "db", password="two", user="another")
    put(ns, "ConfigMap", "settings", word="hello")
    items = ns.items(once_more(ns, "first"))
    assert {key: item["cache"].get("because") for key, item in items.items()} == {
        "use": "content of key password of Secret db changed",
        "say": "content of key word of ConfigMap settings changed",
        "mount": "content of ConfigMap settings changed; content of Secret db changed"}
    assert items["say"]["outputs"] == {"word": "hello"}


def check_what_changes_meanwhile(ns):
    """What a step computed whose Secret changed while it ran is not kept."""
    learn(ns)
    steps = [{"name": "use", "script": "sleep 6", "env": [ENV["use"]]}]
    put(ns, "Secret", "db", password="one")
    ns.apply(workflow("slow", steps))
    ns.running_pod()
    put(ns, "Secret", "db", password="two")
    ns.end("slow")
    put(ns, "Secret", "db", password="one")
    after = ns.items(ns.run(workflow("after", steps)))["use"]["cache"]
    assert (after["decision"], after["because"]) == ("Miss", "nothing was kept for this step before")


def check_that_nothing_is_read(ns, why):
    """Where Secrets and ConfigMaps may not be read, what is given one runs each time, and says `why`."""
    learn(ns)
    put(ns, "Secret", "db", password="one")
    items = ns.items(ns.run(reads("first")))
    assert {item["cache"]["decision"] for item in items.values()} == {"NotCacheable"}
    assert items["use"]["cache"]["because"] == f"Secret db may not be read here: {why} (chart value cache.readSecrets)"
    assert items["say"]["cache"]["because"] == f"ConfigMap settings may not be read here: {why} (chart value cache.readConfigMaps)"
