"""Fixtures of the end-to-end tests, and their random order."""
import os
import random
import re
import shutil
import sys
import tempfile

import pytest

sys.path[:0] = [os.path.join(os.path.dirname(__file__), folder) for folder in (".", "../store")]

from harness import account, diagnose, namespace  # noqa: E402
from harness.cluster import Cluster  # noqa: E402
from harness.ledger import Ledger  # noqa: E402
from harness.operator import Operator  # noqa: E402
from harness.shell import Shell  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, default=None, help="repeat the order of an earlier run")


def pytest_configure(config):
    config.addinivalue_line("markers", "own_cluster: breaks nodes, reads the audit log or removes CRDs, so it needs a cluster of our own")
    config.addinivalue_line("markers", "install: how CoreFlow is installed, and what comes of its runs; `make e2e-install`")
    config.addinivalue_line("markers", "long: takes minutes, and is left out of `make e2e`")
    if config.getoption("--seed") is None:
        config.option.seed = random.SystemRandom().randrange(1_000_000)


def pytest_report_header(config):
    return f"order: --seed {config.getoption('--seed')}"


def pytest_collection_modifyitems(config, items):
    """The check of the cluster first, the rest in random order; with a cluster of the user's, what may not touch it is left out."""
    if os.environ.get("COREFLOW_E2E_KUBECONFIG"):
        out = [item for item in items if item.get_closest_marker("own_cluster")]
        config.hook.pytest_deselected(items=out)
        items[:] = [item for item in items if item not in out]
    random.Random(config.getoption("--seed")).shuffle(items)
    items.sort(key=lambda item: "test_preflight" not in item.nodeid)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if report.failed and call.when in ("setup", "call"):
        fixtures = getattr(item, "funcargs", {})
        item.failed = True
        report.sections.extend(diagnose.sections(fixtures.get("ns"), fixtures.get("operator")))


@pytest.fixture(scope="session")
def cluster():
    made = Cluster()
    yield made
    made.down()


@pytest.fixture(scope="session")
def operator_process(cluster):
    """For all namespaces, with the chart's rights, and alone: what replicas do to each other is in test_replicas.py."""
    cluster.kubectl("apply", "-f", "-", stdin='{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"coreflow-system"}}')
    rights = account.kubeconfig(cluster, "coreflow-system")
    process = Operator(rights, arguments=["--leader-election", "false"])
    process.start()
    yield process
    os.unlink(rights)
    assert process.stop() == 0, "the operator ended badly after SIGTERM"


@pytest.fixture
def operator(operator_process):
    """The running operator. A test may kill or stop it; the next one gets it running again."""
    if not operator_process.running():
        operator_process.start()
    yield operator_process


@pytest.fixture
def ns(cluster, request):
    """A namespace for this test, ready for pods; removed when the test passed, kept for a look when it failed."""
    stem = re.sub(r"[^a-z0-9]+", "-", request.node.name.removeprefix("test_").lower()).strip("-")[:40].strip("-")
    name = f"{stem}-{random.SystemRandom().randrange(16**6):06x}"
    yield namespace.make(cluster.kubectl, name)
    if not getattr(request.node, "failed", False):
        cluster.kubectl("delete", "namespace", name, "--wait=false", "--ignore-not-found")


@pytest.fixture
def shell(cluster, tmp_path):
    return Shell(tmp_path / "home", cluster.kubeconfig)


@pytest.fixture
def ledger():
    """A folder that pods see as /ledger. It lies where a node of ours, which is this machine, finds it."""
    folder = tempfile.mkdtemp(prefix="coreflow-e2e-", dir="/tmp")
    yield Ledger(folder)
    shutil.rmtree(folder)
