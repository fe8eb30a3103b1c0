"""Which steps run, and when."""
from harness.namespace import condition, outputs


def test_diamond(operator, ns):
    """Outputs go from a step to the two that depend on it, and theirs to the last."""
    done = ns.run("""
        apiVersion: coreflow.dev/v1alpha1
        kind: Workflow
        metadata: {name: diamond}
        spec:
          parameters: [{name: start, type: Integer, default: 5}]
          defaults: {image: "busybox:1.36"}
          steps:
          - name: top
            parameters: [{name: start}]
            script: echo "num=$PARAM_START" >"$COREFLOW_OUTPUT"
            outputs: [{name: num, type: Integer}]
          - name: left
            parameters: [{name: num, value: "$[[ steps.top.outputs.num ]]"}]
            script: echo "num=$((PARAM_NUM + 1))" >"$COREFLOW_OUTPUT"
            outputs: [{name: num, type: Integer}]
          - name: right
            parameters: [{name: num, value: "$[[ steps.top.outputs.num ]]"}]
            script: echo "num=$((PARAM_NUM * 10))" >"$COREFLOW_OUTPUT"
            outputs: [{name: num, type: Integer}]
          - name: bottom
            dependsOn: [left, right]
            command: [echo, "$[[ steps.left.outputs.num ]] and $[[ steps.right.outputs.num ]]"]
          outputs:
          - {name: sum, value: steps.left.outputs.num + steps.right.outputs.num}
        """)
    assert outputs(done) == {"sum": 56}
    assert done["status"]["progress"] == "4/4"
    items = ns.items(done)
    assert {key: item["state"] for key, item in items.items()} == dict.fromkeys(("top", "left", "right", "bottom"), "Succeeded")
    assert max(items["left"]["startTime"], items["right"]["startTime"]) <= items["bottom"]["startTime"]
    assert items["top"]["completionTime"] <= min(items["left"]["startTime"], items["right"]["startTime"])


def test_fan_out_of_50(operator, ns):
    """A list becomes items; their outputs come back as a list in item order."""
    done = ns.run("""
        apiVersion: coreflow.dev/v1alpha1
        kind: Workflow
        metadata: {name: fan}
        spec:
          defaults: {image: "busybox:1.36"}
          steps:
          - name: split
            script: |
              seq 1 50 | tr '\\n' ',' | sed 's/,$//; s/.*/{"parts":[&]}/' >"$COREFLOW_OUTPUT"
            outputs: [{name: parts, type: Array}]
          - name: square
            forEach: {items: steps.split.outputs.parts}
            script: echo "num=$((ITEM * ITEM))" >"$COREFLOW_OUTPUT"
            outputs: [{name: num, type: Integer}]
          outputs:
          - {name: squares, value: steps.square.outputs.num}
          - {name: total, value: steps.square.total}
        """, timeout=240)
    assert outputs(done) == {"squares": [n * n for n in range(1, 51)], "total": 50}
    assert done["status"]["counts"]["succeeded"] == 51


def test_when_false_skips_and_run_after_decides(operator, ns):
    done = ns.run("""
        apiVersion: coreflow.dev/v1alpha1
        kind: Workflow
        metadata: {name: branches}
        spec:
          parameters: [{name: env, default: test}]
          defaults: {image: "busybox:1.36"}
          steps:
          - {name: build, command: ["true"]}
          - {name: deploy, command: ["true"], dependsOn: [build], when: params.env == 'production'}
          - {name: announce, command: ["true"], dependsOn: [deploy]}
          - {name: report, command: ["true"], dependsOn: [deploy], runAfter: Finished}
          - {name: either, command: ["true"], dependsOn: [build, deploy], runAfter: AnySucceeded}
          - {name: mourn, command: ["true"], dependsOn: [build], runAfter: AllFailed}
        """)
    assert ns.states(done) == {"build": "Succeeded", "deploy": "Skipped", "announce": "Skipped", "report": "Succeeded",
                               "either": "Succeeded", "mourn": "Skipped"}
    reasons = {key: item["reason"] for key, item in ns.items(done).items()}
    assert reasons["deploy"] == "WhenFalse" and reasons["announce"] == "ParentSkipped"


def test_finally_runs_after_a_failure_and_sees_it(operator, ns):
    done = ns.run("""
        apiVersion: coreflow.dev/v1alpha1
        kind: Workflow
        metadata: {name: cleanup}
        spec:
          podCleanup: Never
          defaults: {image: "busybox:1.36"}
          steps:
          - {name: breaks, script: exit 3}
          - {name: after, dependsOn: [breaks], script: echo never}
          finally:
          - name: tidy
            command: [echo, "ended as $[[ workflow.status ]]: $[[ workflow.failures[0].step ]]"]
        """, want="Failed")
    assert condition(done)["reason"] == "StepFailed" and "breaks" in condition(done)["message"]
    items = ns.items(done)
    assert {key: item["state"] for key, item in items.items()} == {"breaks": "Failed", "after": "Omitted", "tidy": "Succeeded"}
    assert (items["breaks"]["reason"], items["breaks"]["exitCode"]) == ("CommandFailed", 3)
    assert ns.logs(items["tidy"]["podName"]) == "ended as Failed: breaks\n"
