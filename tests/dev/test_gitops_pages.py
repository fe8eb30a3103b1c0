"""What docs/gitops shows is the files of its sample, and its command works."""
import json
import os
import re

import pytest
import yaml
from harness import paths

FOLDER = os.path.join(paths.ROOT, "docs/gitops")
SHOWN = re.compile(r"(<!-- (sample/\S+) -->\n```yaml\n)(.*?)(?=```)", re.DOTALL)


def read(*path):
    with open(os.path.join(FOLDER, *path), encoding="utf-8") as file:
        return file.read()


@pytest.mark.parametrize("page", ["argocd.md", "flux.md"])
def test_shows_the_files_of_the_sample(page):
    """COREFLOW_UPDATE=1 puts them in anew."""
    text = SHOWN.sub(lambda block: block[1] + read(block[2]), read(page))
    if os.environ.get("COREFLOW_UPDATE"):
        with open(os.path.join(FOLDER, page), "w", encoding="utf-8") as file:
            file.write(text)
    assert text == read(page) and len(SHOWN.findall(text)) >= 3


def test_argocd_takes_the_patch(ns):
    command, said = re.search(r"```console\n\$ kubectl (.*?)\n(.*?)```", read("argocd.md"), re.DOTALL).groups()
    ns.kubectl("create", "configmap", "argocd-cm", "--from-literal=url=https://argocd.example.com")
    words = command.replace("docs/gitops/", FOLDER + "/").replace("-n argocd", "-n " + ns.name).split()
    assert ns.kubectl(*words) == said
    data = ns.kubectl.json("configmap", "argocd-cm")["data"]
    assert data.pop("url") and data == yaml.safe_load(read("argocd/argocd-cm.yaml"))["data"]
    for kind in ("Workflow", "Job"):
        actions = yaml.safe_load(data[f"resource.customizations.actions.coreflow.dev_{kind}"])
        assert set(actions) == {"discovery.lua", "definitions"} and all(set(one) == {"name", "action.lua"} for one in actions["definitions"])


@pytest.mark.parametrize("overlay, rows", [("staging", 100), ("production", 5000)])
def test_an_overlay_has_its_own_argument(ns, overlay, rows):
    said = ns.kubectl("apply", "-k", os.path.join(FOLDER, "sample/workflows/overlays", overlay), "--dry-run=server", "-o", "json")
    found = {thing["kind"]: thing["spec"] for thing in json.loads(said)["items"]}
    assert set(found) == {"Workflow", "Job"} and found["Workflow"]["arguments"] == [{"name": "rows", "value": rows}]
