"""What GitOps tools do all day: apply the same again, heal, upgrade, wait. Nothing of it may start a run."""
import json

from harness.namespace import condition, outputs

FLOW = """
    apiVersion: coreflow.dev/v1alpha1
    kind: Workflow
    metadata: {name: flow}
    spec:
      parameters: [{name: word, default: null}, {name: other, default: x}]
      arguments: [{name: word, value: %s}]
      %s
      defaults: {image: "busybox:1.36"}
      steps:
      - name: say
        parameters: [{name: word}]
        script: echo "said=$PARAM_WORD of run $COREFLOW_RUN" >"$COREFLOW_OUTPUT"
        outputs: [{name: said}]
      outputs: [{name: said, value: steps.say.outputs.said}]
    """


def pod_names(ns):
    return {pod["metadata"]["name"] for pod in ns.pods()}


def still_the_first_run(ns, generation):
    """The operator has seen this generation, and the first run stands."""
    thing = ns.wait("flow", lambda thing: thing["metadata"]["generation"] == thing["status"].get("observedGeneration") >= generation,
                    60, what=f"generation {generation} is observed")
    assert thing["status"]["run"]["number"] == 1
    return thing


def test_apply_twice_prints_unchanged_and_runs_nothing(operator, ns):
    # A null in a list is kept by server-side apply only; see the test of it.
    text = (FLOW % ("hello", "podCleanup: Never")).replace(", default: null", "")
    ns.run(text)
    before = pod_names(ns)
    assert ns.apply(text) == "workflow.coreflow.dev/flow unchanged\n"
    assert ns.get("flow")["metadata"]["generation"] == 1
    assert pod_names(ns) == before


def test_server_side_apply_with_nulls_runs_once(operator, ns):
    text = FLOW % ("null", "podCleanup: Never")
    text = text.replace("{name: word, default: null}", "{name: word, default: hello}")
    ns.apply(text, "--server-side")
    ns.end("flow")
    ns.apply(text, "--server-side")
    ns.apply(text, "--server-side", "--field-manager=another", "--force-conflicts")
    thing = ns.get("flow")
    assert (thing["metadata"]["generation"], thing["status"]["run"]["number"]) == (1, 1)


def test_values_equal_to_defaults_start_no_run(operator, ns):
    ns.run(FLOW % ("hello", ""))
    ns.apply(FLOW % ("hello", "failFast: true"))
    still_the_first_run(ns, 2)
    ns.apply(FLOW % ("hello", "onChange: RunAfter"))
    still_the_first_run(ns, 3)


def test_an_upgrade_that_adds_a_crd_default_starts_no_run(operator, ns, cluster):
    ns.run(FLOW % ("hello", ""))
    crd = cluster.kubectl.json("crd", "workflows.coreflow.dev")
    field = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/failFast/default"
    try:
        cluster.kubectl("patch", "crd", crd["metadata"]["name"], "--type=json",
                        "-p", json.dumps([{"op": "add", "path": field, "value": True}]))
        # Reads show the default as soon as the API server has the schema; the next write stores it.
        for attempt in range(600):
            ns.kubectl("annotate", "cfw", "flow", f"example.com/touched={attempt}", "--overwrite")
            if ns.get("flow")["spec"].get("failFast") is True:
                break
        assert ns.get("flow")["spec"]["failFast"] is True
        still_the_first_run(ns, ns.get("flow")["metadata"]["generation"])
    finally:
        cluster.kubectl("patch", "crd", crd["metadata"]["name"], "--type=json", "-p", json.dumps([{"op": "remove", "path": field}]))


def test_a_self_heal_of_stop_starts_and_resumes_nothing(operator, ns):
    text = (FLOW % ("hello", "")).replace('echo "said', 'sleep 600; echo "said').replace(
        "defaults: {image: \"busybox:1.36\"}", "defaults: {image: \"busybox:1.36\", pod: {overrides: {terminationGracePeriodSeconds: 1}}}")
    ns.apply(text)
    with ns.kubectl.watch("pods") as pods:
        pods.until(lambda all: any(p["status"].get("phase") == "Running" for p in all.values()), what="a running pod")
        ns.patch("flow", {"stop": "Immediate"})
        ns.end("flow", "Stopped")
        ns.patch("flow", {"stop": None})  # what Argo CD or Flux do to a field that isn't in git
        thing = still_the_first_run(ns, 3)
        assert thing["status"]["state"] == "Stopped"
        ns.apply(text)
        pods.until(lambda all: not [p for p in all.values() if p["status"].get("phase") in ("Pending", "Running")], 60, "no live pod")
    assert ns.get("flow")["status"]["run"]["number"] == 1


def test_a_second_run_adopts_nothing_of_the_first(operator, ns):
    first = ns.run(FLOW % ("one", "podCleanup: Never"))
    before = pod_names(ns)
    ns.apply(FLOW % ("two", "podCleanup: Never"))
    second = ns.end("flow")
    assert outputs(first) == {"said": "one of run 1"}
    assert outputs(second) == {"said": "two of run 2"}
    assert second["status"]["run"]["number"] == 2
    assert [run["result"] for run in second["status"]["previousRuns"]] == ["Succeeded"]
    assert before < pod_names(ns) and len(pod_names(ns)) == 2


def test_apply_and_wait_never_believes_the_run_before(operator, ns):
    """As a pipeline does it: `kubectl apply && kubectl wait`, then reads the result."""
    for word in ("one", "two", "three", "four", "five"):
        ns.apply(FLOW % (word, ""))
        ns.kubectl("wait", "cfw/flow", "--for=condition=Succeeded", "--timeout=60s")
        thing = ns.get("flow")
        assert outputs(thing)["said"].startswith(f"{word} of run ")
        assert condition(thing)["observedGeneration"] == thing["metadata"]["generation"]


def test_a_change_during_a_run_runs_after_it(operator, ns):
    slow = 'echo "said=$PARAM_WORD of run $COREFLOW_RUN" >"$COREFLOW_OUTPUT"'
    text = (FLOW % ("one", "podCleanup: Never")).replace(slow, "sleep 3; " + slow)
    ns.apply(text)
    with ns.kubectl.watch("pods") as pods:
        pods.until(lambda all: any(p["status"].get("phase") == "Running" for p in all.values()), what="a running pod")
    ns.apply(text.replace("value: one", "value: two"))
    done = ns.end("flow")
    assert outputs(done) == {"said": "two of run 2"} and len(ns.pods()) == 2


def test_an_annotation_asks_for_one_more_run(operator, ns):
    text = (FLOW % ("hello", "")).replace(", default: null", "")
    ns.run(text)
    ns.kubectl("annotate", "cfw", "flow", "coreflow.dev/run-requested-at=2026-01-01T00:00:00Z")
    again = ns.wait("flow", lambda thing: thing["status"]["run"]["number"] == 2 and thing["status"]["state"] == "Succeeded", 60)
    assert outputs(again) == {"said": "hello of run 2"}
    assert ns.apply(text) == "workflow.coreflow.dev/flow unchanged\n"
    assert ns.get("flow")["status"]["run"]["number"] == 2


def test_a_time_to_live_on_what_helm_manages_is_ignored_with_a_warning(operator, ns):
    text = (FLOW % ("hello", "ttlSecondsAfterFinished: 0")).replace(
        "{name: flow}", "{name: flow, labels: {app.kubernetes.io/managed-by: Helm}}")
    ns.run(text)
    with ns.kubectl.watch("events.v1.events.k8s.io") as events:
        events.until(lambda all: any(e["reason"] == "TTLIgnored" and e["regarding"]["name"] == "flow" for e in all.values()),
                     30, "the warning")
    assert ns.get("flow")["status"]["state"] == "Succeeded"
