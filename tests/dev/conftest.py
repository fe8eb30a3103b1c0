"""Fixtures of the tests of the embedded control plane, and their random order."""
import os
import random
import re
import sys

import pytest

sys.path[:0] = [os.path.join(os.path.dirname(__file__), folder) for folder in ("../e2e", "../gitops", "../store", ".")]

from control_plane import ControlPlane, make_namespace  # noqa: E402
from harness.namespace import Namespace  # noqa: E402


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, default=None, help="repeat the order and the kills of an earlier run")


def pytest_configure(config):
    if config.getoption("--seed") is None:
        config.option.seed = random.SystemRandom().randrange(1_000_000)


def pytest_report_header(config):
    return f"order and kills: --seed {config.getoption('--seed')}"


def pytest_collection_modifyitems(config, items):
    random.Random(config.getoption("--seed")).shuffle(items)


@pytest.fixture(scope="session")
def plane(tmp_path_factory):
    """One for all tests that do not kill it."""
    made = ControlPlane(tmp_path_factory.mktemp("plane"), "--allow-host-path=/usr/share/common-licenses")
    made.start()
    yield made
    assert made.stop() == 0, "it ended badly after Ctrl-C"


@pytest.fixture
def ns(plane, request):
    """A namespace for this test."""
    name = re.sub(r"[^a-z0-9]+", "-", request.node.name.removeprefix("test_").lower()).strip("-")[:40].strip("-")
    make_namespace(plane.kubectl, name)
    return Namespace(plane.kubectl, name)
