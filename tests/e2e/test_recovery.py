"""The plain YAML of a release installs CoreFlow; that cluster is lost; and the drill of docs/disaster-recovery.md makes its runs
again in another."""
import os
import pathlib
import subprocess

import pytest
from harness import drill, namespace, pages, paths
from harness.cluster import Cluster
from harness.release import load_image
from harness.shell import Shell


@pytest.fixture
def site(tmp_path):
    """Makes clusters that have nothing of CoreFlow but the operator's image, one at a time, and shells that know them."""
    made = []

    def make():
        made.append(Cluster(suffix="-new", empty=True))
        load_image(made[-1])
        return made[-1], Shell(tmp_path / f"home-{len(made)}", made[-1].kubeconfig)
    yield make
    made[-1].down()


def install_plain_yaml(shell, folder):
    """As the page says, out of the folder of a release."""
    folder.mkdir()
    with open(os.path.join(paths.ROOT, "VERSION"), encoding="utf-8") as version:
        subprocess.run([os.path.join(paths.ROOT, "hack/release/manifests"), folder, version.read().strip()], check=True)
    assert "successfully rolled out" in shell(pages.commands("docs/install.md", "tested: plain YAML"), cwd=folder)


@pytest.mark.own_cluster
@pytest.mark.install
def test_runs_of_a_plain_yaml_install_go_on_in_another_cluster(site, ledger, tmp_path):
    saved, folder = tmp_path / "saved.json", pathlib.Path(ledger.folder)
    cluster, shell = site()
    install_plain_yaml(shell, tmp_path / "release")
    drill.save(namespace.make(cluster.kubectl, "team"), shell, folder, saved)
    cluster.tool("down")
    before = drill.lines(folder)
    assert "second half" in before, "it ran when the cluster was lost"

    cluster, shell = site()
    shell(drill.command("drill: install"))
    ns = namespace.make(cluster.kubectl, "team")
    said = drill.restore(shell, saved)
    assert "workflow/done in team: Succeeded, with 4 records" in said, said
    shell(drill.command("drill: start"))
    drill.goes_on(ns, shell, folder, saved, before)
