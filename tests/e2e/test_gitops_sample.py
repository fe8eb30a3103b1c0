"""The sample repository of the documentation, on a real API server: synced, and synced again without a difference."""
import os
import sys

import pytest
import yaml
from harness import chart, paths
from harness.cluster import established
from harness.namespace import outputs

sys.path.append(os.path.join(paths.ROOT, "hack"))
import kubernetes_modules  # noqa: E402

SAMPLE = os.path.join(paths.ROOT, "docs/gitops/sample")
STAGING = os.path.join(SAMPLE, "workflows/overlays/staging")
TOOLS = ["argocd", "flux", "operator"]

# The Go modules that have the tools' CRDs, and where.
CRDS = {
    ("github.com/argoproj/argo-cd/v3", "v3.5.7"): "manifests/crds/application-crd.yaml",
    ("github.com/fluxcd/source-controller", "v1.9.6"): "config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml",
    ("github.com/fluxcd/kustomize-controller", "v1.9.6"): "config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml",
    ("github.com/fluxcd/helm-controller", "v1.6.4"): "config/crd/bases/helm.toolkit.fluxcd.io_helmreleases.yaml",
}


def objects(folder):
    """What the YAML files of a folder of the sample hold."""
    found = []
    for name in sorted(os.listdir(os.path.join(SAMPLE, folder))):
        with open(os.path.join(SAMPLE, folder, name), encoding="utf-8") as file:
            found += [thing for thing in yaml.safe_load_all(file) if thing]
    return found


def synced(ns):
    """Applies the sample and waits until its runs have ended."""
    ns.kubectl("apply", "-k", STAGING)
    return [ns.end("report"), ns.end("seed", kind="cfj")]


def test_it_syncs_and_leaves_no_difference(operator, ns):
    before = synced(ns)
    assert outputs(before[0]) == {"rows": 100}
    assert ns.kubectl("diff", "-k", STAGING) == ""  # and exit code 0
    for manager in ("argocd-controller", "kustomize-controller"):
        ns.kubectl("apply", "-k", STAGING, "--server-side", f"--field-manager={manager}")  # refused if anything were in conflict
        ns.kubectl("diff", "-k", STAGING, "--server-side", f"--field-manager={manager}")
    after = [ns.get("report"), ns.get("seed", "cfj")]
    assert [(thing["metadata"]["generation"], thing["status"]) for thing in after] == [(1, thing["status"]) for thing in before]


def test_the_operator_owns_nothing_but_the_status(operator, ns):
    synced(ns)
    for short in ("cfw", "cfj"):
        thing, = ns.kubectl.items(short, "--show-managed-fields")
        owners = {(field["manager"], field.get("subresource")): sorted(field["fieldsV1"]) for field in thing["metadata"]["managedFields"]}
        assert owners.pop(("kubectl-client-side-apply", None))
        assert list(owners.values()) == [["f:status"]], owners
        assert not thing["metadata"].get("labels") and not thing["metadata"].get("finalizers")


@pytest.fixture(name="tools")
def fixture_tools(cluster):
    """A cluster that knows the kinds of Argo CD and Flux."""
    files = [kubernetes_modules.module(*module) / path for module, path in CRDS.items()]
    names = [cluster.kubectl("apply", "--server-side", "-f", str(file), "-o", "name").strip().partition("/")[2] for file in files]
    with cluster.kubectl.watch("crd") as crds:
        crds.until(lambda seen: all(name in seen and established(seen[name]) for name in names), what="the tools' CRDs are served")
    yield cluster
    cluster.kubectl("delete", "crd", *names)


@pytest.mark.own_cluster  # in a user's, the CRDs may be there already, and would be gone afterwards
def test_the_tools_take_their_files(tools, ns):
    for folder in TOOLS:
        for thing in objects(folder):
            if "namespace" in thing["metadata"]:
                thing["metadata"]["namespace"] = ns.name
            ns.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", "-", stdin=yaml.safe_dump(thing))


def test_the_order_is_crds_operator_workflows():
    waves = {thing["metadata"]["name"]: int(thing["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"]) for thing in objects("argocd")}
    assert waves == {"coreflow-crds": -1, "coreflow": 0, "workflows": 1}
    after = {thing["metadata"]["name"]: [one["name"] for one in thing["spec"].get("dependsOn", [])]
             for thing in objects("flux") if thing["kind"] == "Kustomization"}
    assert after == {"coreflow-crds": [], "coreflow": ["coreflow-crds"], "workflows": ["coreflow"]}


def test_the_chart_takes_the_values_of_the_sample(tmp_path):
    argocd = next(thing for thing in objects("argocd") if "helm" in thing["spec"]["source"])
    flux = next(thing for thing in objects("operator") if thing["kind"] == "HelmRelease")
    assert argocd["spec"]["source"]["helm"]["valuesObject"] == flux["spec"]["values"]
    values = tmp_path / "values.yaml"
    values.write_text(yaml.safe_dump(flux["spec"]["values"]))
    made = chart.helm("template", "coreflow", chart.CHART, "--kube-version", "1.34.4", "--values", values)
    assert "registry.example.com/coreflow-operator" in made and "CustomResourceDefinition" not in made
