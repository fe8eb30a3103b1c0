"""Bad input: refused with a message that says what is wrong, where, and what would be right."""
import pytest
from harness.namespace import condition

STEPS = """
    apiVersion: coreflow.dev/v1alpha1
    kind: Workflow
    metadata: {name: bad}
    spec:
      parameters: [{name: num, type: Integer, default: 1}]
      %s
    """

# What the API server itself refuses: spec, and words that its message has.
ADMISSION = {
    "no image": ("steps: [{name: a, script: 'true'}]", ["image"]),
    "no steps": ("steps: []", ["spec.steps"]),
    "a name that is none": ("steps: [{name: A_b, image: x, script: 'true'}]", ["spec.steps[0].name"]),
    "two steps of one name": ("steps: [{name: a, image: x, script: 'true'}, {name: a, image: x, script: 'true'}]", ["Duplicate", "a"]),
    "script and command": ("steps: [{name: a, image: x, script: 'true', command: [x]}]", ["script", "command"]),
    "depends on itself": ("steps: [{name: a, image: x, script: 'true', dependsOn: [a]}]", ["depend", "itself"]),
    "an unknown field": ("steps: [{name: a, image: x, script: 'true', retries: 3}]", ["retries"]),
    "an unknown word": ("steps: [{name: a, image: x, script: 'true', runAfter: Sometimes}]", ["Sometimes", "Finished"]),
    "a wrong type": ("steps: [{name: a, image: x, script: 'true', timeoutSeconds: soon}]", ["timeoutSeconds"]),
    "a bad minimum": ("steps: [{name: a, image: x, script: 'true', timeoutSeconds: -1}]", ["timeoutSeconds"]),
}

# What the operator refuses: spec, and words that the condition's message has.
INVALID = {
    "unknown dependency": ("steps: [{name: build, image: x, script: 'true'}, {name: b, image: x, script: 'true', dependsOn: [biuld]}]",
                           ["spec.steps[1].dependsOn[0]", "biuld", "build"]),
    "a cycle": ("steps: [{name: a, image: x, script: 'true', dependsOn: [b]}, {name: b, image: x, script: 'true', dependsOn: [a]}]",
                ["a -> b", "circle"]),
    "a dash in an expression": ("steps: [{name: word-count, image: x, script: 'true'}, {name: b, image: x, script: 'true', when: steps.word-count.total > 1}]",
                                ["spec.steps[1].when", "steps.word_count"]),
    "a name that is not there": ("steps: [{name: a, image: x, script: 'true', when: params.m > 1}]", ["spec.steps[0].when", "m"]),
    "no boolean": ("steps: [{name: a, image: x, script: 'true', when: params.num + 1}]", ["spec.steps[0].when", "bool"]),
    "an unfinished expression": ("steps: [{name: a, image: x, command: [echo, '$[[ params.num + ']}]", ["spec.steps[0].command[1]"]),
    "an unknown argument": ("arguments: [{name: m, value: 1}]\n      steps: [{name: a, image: x, script: 'true'}]", ["spec.arguments[0]", "m"]),
    "an argument of a wrong type": ("arguments: [{name: num, value: many}]\n      steps: [{name: a, image: x, script: 'true'}]",
                                    ["spec.arguments[0]", "Integer"]),
    "a pod field that is none": ("steps: [{name: a, image: x, script: 'true', pod: {overrides: {hostNetwrok: true}}}]", ["hostNetwrok"]),
}


@pytest.mark.parametrize("what", ADMISSION)
def test_refused_at_admission(ns, what):
    spec, words = ADMISSION[what]
    text = ns.refused(STEPS % spec)
    assert [word for word in words if word not in text] == [], text


@pytest.mark.parametrize("what", INVALID)
def test_refused_by_the_operator(operator, ns, what):
    spec, words = INVALID[what]
    ns.apply(STEPS % spec)
    thing = ns.wait("bad", lambda thing: condition(thing).get("status") == "False", 30)
    assert condition(thing)["reason"] == "InvalidSpec"
    assert condition(thing, "Stalled")["status"] == "True"
    message = condition(thing)["message"]
    assert [word for word in words if word not in message] == [], message
    assert ns.pods() == []


def test_all_problems_are_told_at_once(operator, ns):
    ns.apply(STEPS % "steps: [{name: a, image: x, script: 'true', when: params.nope, dependsOn: [missing]}, "
                     "{name: b, image: x, script: 'true', when: 1 +}]")
    thing = ns.wait("bad", lambda thing: condition(thing).get("status") == "False", 30)
    for word in ("nope", "missing", "spec.steps[1].when"):
        assert word in condition(thing)["message"]


def test_a_corrected_spec_runs(operator, ns):
    ns.apply(STEPS % "steps: [{name: a, image: 'busybox:1.36', script: 'true', dependsOn: [nowhere]}]")
    ns.wait("bad", lambda thing: condition(thing).get("reason") == "InvalidSpec", 30)
    ns.apply(STEPS % "steps: [{name: a, image: 'busybox:1.36', script: 'true'}]")
    done = ns.end("bad")
    assert condition(done, "Stalled").get("status") != "True"
