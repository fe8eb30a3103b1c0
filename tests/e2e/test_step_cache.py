"""The step cache on a real node, whose kubelet says what images are."""
import re

from harness import step_cache


def test_a_result_is_taken_from_another_workflow(operator, ns):
    step_cache.check_that_a_result_is_taken(ns)
    hits = re.search(r'coreflow_cache_requests_total\{result="Hit"\} (\d+)', operator.metrics())
    assert hits and int(hits.group(1)) >= 3


def test_equal_items_at_once_run_once(operator, ns):
    step_cache.check_that_equal_items_run_once(ns)


def test_a_step_that_reads_what_is_not_known_runs(operator, ns):
    step_cache.check_what_cant_be_cached(ns)


def test_results_outlive_the_operator(operator, ns):
    step_cache.learn(ns)
    ns.run(step_cache.train("before", "0.1"))
    assert operator.stop() == 0
    operator.start()
    after = ns.run(step_cache.train("after", "0.1"))
    assert step_cache.decisions(ns, after) == {"load": "Hit", "train": "Hit"}
