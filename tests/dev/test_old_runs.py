"""What runs leave behind does not grow with their number."""
from harness import old_runs


def test_records_of_runs_that_no_status_names_are_deleted(ns):
    old_runs.check(ns)
