"""What users do to a run under way: suspend, resume, stop, delete."""
from harness.namespace import condition

# Two steps, one after the other; the first runs until the file appears that the test makes through `kubectl exec`.
HELD = """
    apiVersion: coreflow.dev/v1alpha1
    kind: Workflow
    metadata: {name: held}
    spec:
      defaults: {image: "busybox:1.36", pod: {overrides: {terminationGracePeriodSeconds: 1}}}
      steps:
      - {name: first, script: "until test -e /tmp/go; do sleep 0.1; done"}
      - {name: second, dependsOn: [first], command: ["true"]}
      finally:
      - {name: tidy, command: ["true"]}
    """


def let_go(ns, pod):
    ns.kubectl("exec", pod, "--", "touch", "/tmp/go")


def test_suspend_holds_new_steps_and_resume_goes_on(operator, ns):
    ns.apply(HELD)
    pod = ns.running_pod()
    ns.patch("held", {"suspend": True})
    ns.wait("held", lambda thing: condition(thing, "Suspended").get("status") == "True", what="it is suspended")
    let_go(ns, pod)
    held = ns.wait("held", lambda thing: thing["status"].get("counts", {}).get("succeeded") == 1, what="the running attempt goes on")
    assert held["status"]["state"] == "Suspended" and condition(held)["reason"] == "Suspended"
    ns.patch("held", {"suspend": False})
    done = ns.end("held")
    assert set(ns.states(done).values()) == {"Succeeded"}
    assert done["status"]["run"]["number"] == 1


def test_stop_graceful_lets_the_running_attempt_end(operator, ns):
    ns.apply(HELD)
    pod = ns.running_pod()
    ns.patch("held", {"stop": "Graceful"})
    ns.wait("held", lambda thing: thing["status"]["state"] == "Stopping", what="it is stopping")
    let_go(ns, pod)
    done = ns.end("held", want="Stopped")
    states = ns.states(done)
    assert (states["first"], states["tidy"]) == ("Succeeded", "Succeeded")
    assert states["second"] in ("Stopped", "Omitted")
    assert condition(done)["reason"] == "Stopped"


def test_stop_immediate_ends_the_running_attempt(operator, ns):
    ns.apply(HELD)
    ns.running_pod()
    ns.patch("held", {"stop": "Immediate"})
    done = ns.end("held", want="Stopped")
    states = ns.states(done)
    assert (states["first"], states["tidy"]) == ("Stopped", "Succeeded")


def test_delete_while_running_leaves_nothing(operator, ns):
    ns.apply(HELD)
    ns.running_pod()
    ns.kubectl("delete", "cfw", "held", "--timeout=60s")
    with ns.kubectl.watch("pods") as pods:
        pods.until(lambda all: not all or None, 60, "the pods are gone, none held by a finalizer")
    with ns.kubectl.watch("workflowrecords") as records:  # the garbage collector looks for new kinds every 30 s
        records.until(lambda all: not all or None, 90, "the records are gone")


def test_delete_of_the_namespace_while_running_leaves_nothing(operator, ns, cluster):
    ns.apply(HELD)
    ns.running_pod()
    cluster.kubectl("delete", "namespace", ns.name, "--timeout=90s", timeout=120)
    cluster.kubectl("create", "namespace", ns.name)
