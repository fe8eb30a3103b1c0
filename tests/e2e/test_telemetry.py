"""Spans and CloudEvents, as a collector and a sink get them from an operator."""
import os

import pytest
from harness import account, telemetry
from harness.operator import Operator
from harness.receiver import Receiver


@pytest.fixture
def receiver():
    with Receiver() as made:
        yield made


@pytest.fixture
def telling(operator, cluster, ns, receiver):
    """An operator for the test's namespace that tells the receiver; the one of the other tests rests meanwhile."""
    assert operator.stop() == 0
    rights = account.kubeconfig(cluster, ns.name, served=[ns.name])
    process = Operator(rights, "telling", ["--namespaces", ns.name, "--leader-election", "false", *receiver.flags()])
    process.start()
    yield process
    os.unlink(rights)
    assert process.stop() == 0


def test_spans_and_events_arrive_once_each(telling, ns, receiver):
    telemetry.check_what_is_told(ns, receiver, telling.stop)
