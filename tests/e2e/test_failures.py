"""How attempts and runs end that don't end well."""
import pytest
from harness.namespace import condition


def one_step(step, run="", finally_steps=""):
    """A Workflow `one` whose only step is `only`."""
    return f"""
        apiVersion: coreflow.dev/v1alpha1
        kind: Workflow
        metadata: {{name: one}}
        spec:
          defaults: {{image: "busybox:1.36"}}
          {run}
          steps:
          - {{name: only, {step}}}
          {finally_steps}
        """


def test_retries_until_an_attempt_succeeds(operator, ns):
    done = ns.run(one_step('script: "test $COREFLOW_ATTEMPT = 3", retryPolicy: {limit: 5, backoffSeconds: 1, backoffFactorPercent: 100}'))
    assert ns.items(done)["only"]["attempts"] == 3


def test_retries_are_used_up(operator, ns):
    done = ns.run(one_step("script: exit 7, retryPolicy: {limit: 2, backoffSeconds: 1}"), want="Failed")
    item = ns.items(done)["only"]
    assert (item["attempts"], item["reason"], item["exitCode"]) == (3, "RetriesExhausted", 7)


def test_retry_when_chooses_which_failures(operator, ns):
    done = ns.run(one_step("script: exit 7, retryPolicy: {limit: 5, backoffSeconds: 1, when: exitCode != 7}"), want="Failed")
    assert ns.items(done)["only"]["attempts"] == 1


# dd's buffer is larger than the limit, and dd is the container's first process.
GREEDY = "command: [dd, if=/dev/zero, of=/dev/null, bs=256M, count=1], resources: {limits: {memory: 16Mi}}"


def run_greedy(ns, more=""):
    """The item's record. containerd may hear of the exit before the kernel tells it of the memory, and says Error then: such
    a run shows nothing and is done again."""
    for _ in range(5):
        done = ns.run(one_step(GREEDY + more), want="Failed")
        ends = [status["state"]["terminated"]["reason"] for pod in ns.pods() for status in pod["status"]["containerStatuses"]]
        if all(end == "OOMKilled" for end in ends):
            return ns.items(done)["only"]
        ns.kubectl("delete", "cfw", "one", "--cascade=foreground")
    raise AssertionError("the node never told of the memory")


def test_out_of_memory_is_told_as_such(operator, ns):
    item = run_greedy(ns)
    assert (item["reason"], item["exitCode"]) == ("OutOfMemory", 137)


def test_out_of_memory_is_retried_only_when_asked(operator, ns):
    assert run_greedy(ns, ", retryPolicy: {limit: 3, backoffSeconds: 1, retryOn: [Failure]}")["attempts"] == 1


def test_a_missing_command_is_told_as_such(operator, ns):
    item = ns.items(ns.run(one_step("command: [/no/such/program]"), want="Failed"))["only"]
    assert item["reason"] == "StartError"


@pytest.mark.parametrize("ending", ["sleep 600", "trap '' TERM; while true; do sleep 1; done"], ids=["sleeps", "ignores SIGTERM"])
def test_timeout_of_a_step_ends_its_attempt(operator, ns, ending):
    grace = "pod: {overrides: {terminationGracePeriodSeconds: 1}}"
    done = ns.run(one_step(f'script: "{ending}", timeoutSeconds: 2, {grace}'), want="Failed")
    assert ns.items(done)["only"]["reason"] == "Timeout"


def test_timeout_of_the_run_still_runs_finally(operator, ns):
    tidy = "finally: [{name: tidy, command: [echo, tidied]}]"
    slow = 'script: "exec sleep 600", pod: {overrides: {terminationGracePeriodSeconds: 1}}'
    done = ns.run(one_step(slow, "timeoutSeconds: 5", tidy), want="Failed")
    assert condition(done)["reason"] == "DeadlineExceeded"
    assert ns.states(done) == {"only": "Stopped", "tidy": "Succeeded"}


def test_a_deleted_pod_is_an_infrastructure_failure_and_starts_again(operator, ns):
    ns.apply(one_step('script: "test $COREFLOW_ATTEMPT = 2 || exec sleep 600", retryPolicy: {limit: 0}'))
    with ns.kubectl.watch("pods") as pods:
        first = pods.until(lambda all: next((p for p in all.values() if p["status"]["phase"] == "Running"), None))
        ns.kubectl("delete", "pod", first["metadata"]["name"], "--grace-period=1", "--wait=false")
    assert ns.items(ns.end("one"))["only"]["attempts"] == 2


def test_an_infrastructure_limit_of_0_forbids_a_second_attempt(operator, ns):
    ns.apply(one_step('script: "exec sleep 600", retryPolicy: {infrastructureLimit: 0}'))
    with ns.kubectl.watch("pods") as pods:
        first = pods.until(lambda all: next((p for p in all.values() if p["status"]["phase"] == "Running"), None))
        ns.kubectl("delete", "pod", first["metadata"]["name"], "--grace-period=1", "--wait=false")
    item = ns.items(ns.end("one", want="Failed"))["only"]
    assert (item["attempts"], item["reason"]) == (1, "PodDeleted")


def test_a_step_that_no_quota_allows_says_so_and_goes_on_when_one_does(operator, ns):
    ns.apply("""
        apiVersion: v1
        kind: ResourceQuota
        metadata: {name: small}
        spec: {hard: {requests.cpu: 100m}}
        """)
    ns.kubectl("wait", "quota/small", "--for=jsonpath={.status.hard.requests\\.cpu}=100m", "--timeout=30s")
    ns.apply(one_step("command: ['true'], resources: {requests: {cpu: 200m}}"))
    waits = ns.wait("one", lambda thing: condition(thing).get("reason") == "NeverFits", what="one waits with NeverFits")
    assert "exceeded quota: small, requested: requests.cpu=200m" in condition(waits)["message"]
    ns.kubectl("patch", "quota/small", "--type=merge", "-p", '{"spec": {"hard": {"requests.cpu": "1"}}}')
    ns.end("one")
