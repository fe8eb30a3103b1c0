"""The step cache on a real node, whose kubelet says what images are."""
import os
import re

import pytest
from harness import account, step_cache
from harness.operator import Operator


def test_a_result_is_taken_from_another_workflow(operator, ns):
    step_cache.check_that_a_result_is_taken(ns)
    hits = re.search(r'coreflow_cache_requests_total\{result="Hit"\} (\d+)', operator.metrics())
    assert hits and int(hits.group(1)) >= 3


def test_equal_items_at_once_run_once(operator, ns):
    step_cache.check_that_equal_items_run_once(ns)


def test_a_step_that_reads_what_is_not_known_runs(operator, ns):
    step_cache.check_what_cant_be_cached(ns)


def test_what_nobody_allowed_is_not_read(operator, ns):
    step_cache.check_that_nothing_is_read(ns, "CoreFlow was not told to")


@pytest.fixture
def reading(operator, cluster, ns):
    """Starts an operator for the test's namespace that was told to read Secrets and ConfigMaps, with the rights that come of those
    values of the chart; the one for all namespaces rests meanwhile."""
    operator.stop()
    rest = []

    def start(*asked):
        rights = account.kubeconfig(cluster, ns.name, served=[ns.name], asked=asked)
        process = Operator(rights, "reading", ["--namespaces", ns.name, "--leader-election-namespace", ns.name,
                                               "--cache-read-secrets=true", "--cache-read-config-maps=true"])
        process.start()
        rest.extend([rights, process])
    yield start
    rights, process = rest
    os.unlink(rights)
    assert process.stop() == 0


def test_what_secrets_and_config_maps_have_is_part_of_the_key(reading, ns):
    reading("cache.readSecrets", "cache.readConfigMaps")
    step_cache.check_contents(ns)
    step_cache.check_what_changes_meanwhile(ns)


def test_without_the_right_nothing_is_read(reading, ns):
    reading()
    step_cache.check_that_nothing_is_read(ns, "CoreFlow has no right to get it")


def test_results_outlive_the_operator(operator, ns):
    step_cache.learn(ns)
    ns.run(step_cache.train("before", "0.1"))
    assert operator.stop() == 0
    operator.start()
    after = ns.run(step_cache.train("after", "0.1"))
    assert step_cache.decisions(ns, after) == {"load": "Hit", "train": "Hit"}
