"""A time to live never fights with what is declared in Git."""
import pytest
import situations
import yaml
from harness.namespace import has_ended

MARKS = {
    "argocd": {"annotations": {"argocd.argoproj.io/tracking-id": "reports:coreflow.dev/Workflow:default/flow"}},
    "argocd-label": {"labels": {"argocd.argoproj.io/instance": "reports"}},
    "flux": {"labels": {"kustomize.toolkit.fluxcd.io/name": "reports"}},
    "flux-helm": {"labels": {"helm.toolkit.fluxcd.io/name": "reports"}},
    "helm": {"labels": {"app.kubernetes.io/managed-by": "Helm"}},
}


@pytest.mark.parametrize("tool", MARKS)
def test_what_a_tool_tracks_outlives_it(ns, tool):
    declared = situations.Declared(ns, "Workflow")
    thing = yaml.safe_load(declared.manifest(ttlSecondsAfterFinished=0))
    thing["metadata"] |= MARKS[tool]
    ns.apply(yaml.safe_dump(thing))
    declared.wait(has_ended)
    with ns.kubectl.watch("events") as events:
        events.until(lambda all: any(event["reason"] == "TTLIgnored" for event in all.values()), 30, "the warning")
    assert ns.get(situations.NAME)["status"]["state"] == "Succeeded"


def test_what_no_tool_tracks_goes_by_it(ns):
    declared = situations.Declared(ns, "Workflow")
    ns.apply(declared.manifest(ttlSecondsAfterFinished=0))
    ns.kubectl("wait", "--for=delete", f"cfw/{situations.NAME}", "--timeout=60s")
