"""The install of the README, word for word, in a cluster that has nothing of CoreFlow but the operator's image on its node."""
import pytest
from harness import pages
from harness.cluster import Cluster
from harness.namespace import Namespace
from harness.release import load_image


@pytest.fixture
def cluster():
    made = Cluster(suffix="-new", empty=True)
    load_image(made)
    yield made
    made.down()


@pytest.mark.own_cluster
@pytest.mark.install
def test_the_commands_of_the_readme_install_and_run_a_workflow(cluster, shell):
    said = shell(pages.commands("README.md", "tested: install"))
    assert "Phase:          Succeeded" in said and "workflow.coreflow.dev/hello created" in said, said
    Namespace(cluster.kubectl, "default").end("hello")
