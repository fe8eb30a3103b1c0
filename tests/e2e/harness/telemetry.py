"""A run that others are told of, and what they must hear: the same on a cluster and without one."""

FLOW = """
    apiVersion: coreflow.dev/v1alpha1
    kind: Workflow
    metadata: {name: told}
    spec:
      podCleanup: Never
      defaults: {image: "busybox:1.36"}
      steps:
      - name: first
        script: "echo $TRACEPARENT; test $COREFLOW_ATTEMPT = 2"
        retryPolicy: {limit: 1, backoffSeconds: 1, backoffFactorPercent: 100}
      - {name: second, dependsOn: [first], script: "echo $TRACEPARENT"}
    """


def attributes(span):
    return {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


def place(span):
    """As W3C Trace Context has it."""
    return f"00-{span['traceId']}-{span['spanId']}-01"


def check_what_is_told(ns, receiver, stop):
    """`stop` ends who sends; nothing is on its way after that."""
    done = ns.run(FLOW)
    pods = {pod["metadata"]["name"]: pod["metadata"]["labels"]["coreflow.dev/run-id"] for pod in ns.pods()}
    said = {pod: ns.logs(pod).strip() for pod in pods}
    (run_id,) = set(pods.values())
    assert stop() == 0
    assert not receiver.wrong
    attempts = check_spans(receiver.spans, said, run_id)
    check_events(receiver.events, done, attempts, run_id)


def check_spans(spans, said, run_id):
    """`said`: what each pod found in TRACEPARENT. Returns the spans of attempts by step and number."""
    (run,) = [span for span in spans if span["name"] == "RUN told"]
    assert "parentSpanId" not in run and attributes(run)["cicd.pipeline.result"] == "success"
    attempts = {(span["name"], attributes(span)["coreflow.attempt"]): span for span in spans if span is not run}
    assert len(spans) == 1 + len(attempts), "a span arrived twice"
    assert {key: attributes(span)["cicd.pipeline.task.run.result"] for key, span in attempts.items()} == {
        ("first", "1"): "failure", ("first", "2"): "success", ("second", "1"): "success"}
    for span in attempts.values():
        assert (span["traceId"], span["parentSpanId"]) == (run["traceId"], run["spanId"])
        assert int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])
    assert said == {attributes(span)["k8s.pod.name"]: place(span) for span in attempts.values()}
    assert {attributes(span)["cicd.pipeline.run.id"] for span in spans} == {run_id}
    return attempts


def check_events(events, done, attempts, run_id):
    """One for each end; that of a step is at the span of its last attempt."""
    assert sorted(event["id"] for event in events) == [run_id, f"{run_id}/first", f"{run_id}/second"]
    found = {event["id"]: event for event in events}
    where = f"/apis/coreflow.dev/v1alpha1/namespaces/{done['metadata']['namespace']}/workflows/told"
    assert {(event["specversion"], event["source"]) for event in events} == {("1.0", where)}
    run = found.pop(run_id)
    assert run["type"] == "dev.coreflow.run.ended" and run["data"]["uid"] == done["metadata"]["uid"]
    assert {event["type"] for event in found.values()} == {"dev.coreflow.step.ended"}
    for step, tried in (("first", 2), ("second", 1)):
        event = found[f"{run_id}/{step}"]
        assert (event["data"]["result"], event["data"]["attempts"]) == ("success", tried)
        assert event["traceparent"] == place(attempts[step, str(tried)])
