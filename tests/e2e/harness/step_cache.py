"""Workflows with a step cache, and what they come to: the same on a cluster and without one."""
import json

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
    ns.kubectl("create", "configmap", "settings", "--from-literal=word=hello")
    text = workflow("read", [{"name": "read", "script": "echo $WORD", "env": [
        {"name": "WORD", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "word"}}}]}])
    read = ns.items(ns.run(text))["read"]["cache"]
    assert read["decision"] == "NotCacheable"
    assert read["because"] == "variable WORD comes from ConfigMap settings, whose content is not known"
