"""The whole life of an install, from an empty cluster to one without CoreFlow that has kept its runs: `make e2e-install`."""
import time

import pytest
from harness import monitoring, namespace
from harness.cluster import Cluster
from harness.load import IN_TIME, RUNS, Load
from harness.prometheus import Prometheus
from harness.release import IMAGE, Release, load_image, uninstalled_over

SYSTEM = "coreflow-system"


@pytest.fixture
def cluster():
    """An empty one, with room for the load and for the operator beside it."""
    made = Cluster([f"--flag=kubelet:--max-pods={RUNS + 40}"], suffix="-new", empty=True)
    load_image(made)
    with monitoring.kinds(made):
        yield made
    made.down()


@pytest.fixture
def tell(capsys):
    """Says what comes next, at once."""
    def say(text):
        with capsys.disabled():
            print(f"\n{time.strftime('%H:%M:%S')}  {text}", end="", flush=True)
    return say


@pytest.fixture
def load(cluster, ledger):
    made = Load(namespace.make(cluster.kubectl, "load"), ledger)
    yield made
    made.close()


def changed_under_load(installed, load, tell):
    """Upgrade and rollback, each while steps of all the runs end and others start."""
    before = installed.images()
    tell(f"{RUNS} runs start")
    load.start()
    load.all_wait_in("first")
    tell(f"helm upgrade, while the first steps of {RUNS} runs end")
    load.let("first")
    installed.upgrade("image.tag=next", "logLevel=debug")
    assert installed.images() == {f"{IMAGE}:next"}
    load.all_wait_in("second")
    tell(f"all {RUNS} are in their second steps")
    tell(f"helm rollback, while the second steps of {RUNS} runs end")
    load.let("second")
    installed.rollback()
    assert installed.images() == before


@pytest.mark.own_cluster
@pytest.mark.install
@pytest.mark.long
def test_install_test_watch_upgrade_under_load_roll_back_uninstall(cluster, load, ns, tell, tmp_path):
    tell("helm install")
    installed = Release(cluster, SYSTEM, *monitoring.VALUES, patience=IN_TIME)
    installed.install()
    tell("helm test")
    installed.test()
    assert "no fence" not in installed.log()

    tell("Prometheus reads the operator")
    with Prometheus(tmp_path, monitoring.scrape_config(), monitoring.rules(installed)) as prometheus:
        prometheus.read(installed.kubectl.items("pods", "-l", monitoring.OPERATORS))
        monitoring.alerted(ns, prometheus, SYSTEM)
        tell("an alert fires: CoreFlowStepsMisconfigured")
    ns.kubectl("delete", "cfw/misconfigured")

    changed_under_load(installed, load, tell)
    load.ended_once(cluster)
    tell(f"{RUNS} runs have succeeded: no attempt was lost, none was made twice")

    tell("helm uninstall")
    uninstalled_over(ns, installed, cluster)
    assert ns.get("well")["status"]["state"] == "Succeeded"
    assert len(cluster.kubectl.items("cfw", "--namespace=load")) == RUNS
    tell("CRDs, runs and their results are still there\n")
