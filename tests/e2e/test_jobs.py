"""Jobs: one step, many indexes."""
from harness.namespace import condition

JOB = """
    apiVersion: coreflow.dev/v1alpha1
    kind: Job
    metadata: {name: %s}
    spec:
      completions: 20
      parallelism: %d
      %s
      template:
        image: busybox:1.36
        script: %s
        %s
    """


def test_job_with_20_indexes(operator, ns):
    done = ns.run(JOB % ("many", 7, "", 'echo "square=$((COREFLOW_INDEX * COREFLOW_INDEX))" >"$COREFLOW_OUTPUT"',
                         "outputs: [{name: square, type: Integer}]"), timeout=240)
    assert done["status"]["progress"] == "20/20"
    items = ns.items(done)
    assert {item["index"]: item["outputs"]["square"] for item in items.values()} == {n: n * n for n in range(20)}


def test_job_never_runs_more_than_its_parallelism(operator, ns):
    ns.apply(JOB % ("few", 3, "", "sleep 1", ""))
    most = 0
    with ns.kubectl.watch("pods") as pods:
        def all_ended(all):
            nonlocal most
            most = max(most, len([p for p in all.values() if p["status"].get("phase") in ("Pending", "Running")]))
            return ns.get("few", "cfj").get("status", {}).get("counts", {}).get("succeeded") == 20
        pods.until(all_ended, 240)
    assert 1 <= most <= 3


def test_job_fails_when_more_indexes_fail_than_it_may(operator, ns):
    ns.apply(JOB % ("broken", 20, "maxFailedIndexes: 2", "test $COREFLOW_INDEX -gt 4", ""))
    done = ns.end("broken", "Failed", 240, "cfj")
    assert condition(done)["reason"] == "TooManyFailedIndexes"


def test_job_succeeds_with_as_many_failed_indexes_as_it_may_have(operator, ns):
    ns.apply(JOB % ("tolerant", 20, "maxFailedIndexes: 3", "test $COREFLOW_INDEX -gt 2", ""))
    done = ns.end("tolerant", "Succeeded", 240, "cfj")
    assert done["status"]["counts"]["failed"] == 3


def test_template_of_a_job_is_immutable(operator, ns):
    ns.apply(JOB % ("fixed", 20, "suspend: true", "sleep 1", ""))
    text = ns.refused(JOB % ("fixed", 20, "suspend: true", "sleep 2", ""))
    assert "template never changes" in text
