"""What the runs of an object leave behind that is run again and again: the same on a cluster and without one."""
WORKFLOW = """
apiVersion: coreflow.dev/v1alpha1
kind: Workflow
metadata: {name: nightly}
spec:
  steps:
  - {name: never, image: none, command: ["true"], when: "false"}
"""
KEPT = 11  # the last run and those before it that the status names


def recorded(records):
    """The numbers of its runs that have records, of these."""
    return {record["run"] for record in records if record["metadata"]["ownerReferences"][0]["name"] == "nightly"}


def check(ns):
    """Records of runs that the status names no more are deleted, and no others."""
    ns.run(WORKFLOW)
    for number in range(2, KEPT + 3):
        ns.kubectl("annotate", "cfw/nightly", "--overwrite", f"coreflow.dev/run-requested-at={number}")
        thing = ns.wait("nightly", lambda found, n=number: found["status"]["run"]["number"] == n and found["status"]["state"] == "Succeeded",
                        what=f"run {number} has ended")
    last = set(range(3, KEPT + 3))
    with ns.kubectl.watch("workflowrecords") as records:
        records.until(lambda all: recorded(all.values()) == last, what="only those of the last runs")
    assert recorded(ns.kubectl.items("workflowrecords")) == last
    assert [run["number"] for run in thing["status"]["previousRuns"]] == list(range(KEPT + 1, 2, -1))
