"""The last line of every run: hack/ci/summary.py over results that were written by hand."""
import os
import subprocess
import sys

import pytest

SUMMARY = os.path.join(os.path.dirname(__file__), "../summary.py")
GOOD = '<testcase name="A" status="run" result="completed"/>'
BAD = '<testcase name="B" status="run" result="completed"><failure message="x"/></testcase>'
OFF = '<testcase name="C" status="notrun" result="suppressed"/>'


def ctest(*cases):
    return "<testsuite>" + "".join(
        f'<testcase name="{name}" status="{"run" if good else "fail"}"/>' if good else
        f'<testcase name="{name}" status="fail"><failure/></testcase>' for name, good in cases) + "</testsuite>"


def suites(*cases):
    return f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>"


CASES = {
    "all good": ({"asan/ctest.xml": ctest(("a_test", True)), "asan/gtest/a_test.xml": suites(GOOD, GOOD)},
                 "2 passed, 0 failed"),
    "runners are added up": ({"asan/ctest.xml": ctest(("a_test", True)), "asan/gtest/a_test.xml": suites(GOOD),
                              "e2e.xml": suites(GOOD, GOOD, BAD)}, "3 passed, 1 failed"),
    "a failure counts once": ({"asan/ctest.xml": ctest(("a_test", False)), "asan/gtest/a_test.xml": suites(GOOD, BAD),
                               "phases.tsv": "unit-asan\t8\t3\n"}, "1 passed, 1 failed"),
    "a crash leaves no report": ({"asan/ctest.xml": ctest(("a_test", False), ("b_test", True)),
                                  "asan/gtest/b_test.xml": suites(GOOD), "phases.tsv": "unit-asan\t8\t3\n"},
                                 "1 passed, 1 failed"),
    "a leak found at the end": ({"asan/ctest.xml": ctest(("a_test", False)), "asan/gtest/a_test.xml": suites(GOOD)},
                                "1 passed, 1 failed"),
    "parts are one runner": ({"e2e-1.xml": suites(GOOD), "e2e-2.xml": suites(GOOD, BAD), "phases.tsv": "e2e\t1\t3\n"},
                             "2 passed, 1 failed"),
    "a build that fails": ({"e2e.xml": suites(GOOD), "phases.tsv": "e2e\t0\t3\nunit-tsan\t1\t3\n"}, "1 passed, 1 failed"),
    "a switched-off test isn't passed": ({"e2e.xml": suites(GOOD, OFF)}, "1 passed, 0 failed"),
    "bytes that aren't XML": ({"asan/ctest.xml": ctest(("a_test", True)),
                               "asan/gtest/a_test.xml": b'<t><testcase name="\xff\x01" status="run"/></t>'},
                              "1 passed, 0 failed"),
    "a report cut short": ({"e2e.xml": "<testsuites><testsuite>"}, "0 passed, 1 failed"),
    "nothing ran": ({}, "0 passed, 1 failed"),
}


@pytest.mark.parametrize("what", CASES)
def test_last_line(tmp_path, what):
    files, want = CASES[what]
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    run = subprocess.run([sys.executable, SUMMARY, str(tmp_path)], capture_output=True, text=True, check=False)
    assert run.stdout.splitlines()[-1] == want
    assert (run.returncode == 0) == want.endswith(" 0 failed")
