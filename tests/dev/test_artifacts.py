"""Artifacts in the embedded control plane."""
from harness import artifacts


def test_what_an_archive_keeps(ns):
    artifacts.check_modes_and_links(ns)


def test_a_missing_one_fails_the_step_and_the_others_are_kept(ns):
    artifacts.check_what_is_missing(ns)


def test_the_commands_exit_code_is_kept(ns):
    artifacts.check_exit_codes(ns)


def test_the_record_says_what_a_step_took(ns):
    artifacts.check_what_a_step_took(ns)


def test_one_that_was_damaged_in_the_store_fails_who_takes_it(ns, plane):
    artifacts.check_a_damaged_one(ns, plane.folder)
