#!/usr/bin/env python3
"""Adds up what the test runners wrote under build/results and prints "N passed, N failed" alone on the last line.

usage: summary.py [FOLDER]     exit code 0 when nothing failed and something passed

Counted are the cases of every GoogleTest program (<preset>/gtest/*.xml) and of every pytest run (*.xml). A program that
ctest calls failed although its own report has no failure (a crash, a leak found at its end, a time-out) counts as one
failure, and so does a phase of phases.tsv that failed while no runner reported a failure in it.
"""
import collections
import os
import re
import sys
import xml.etree.ElementTree as ET


def case_counts(path):
    """(passed, failed, skipped) of one JUnit or GoogleTest report; a report that can't be read is a failure."""
    try:
        # GoogleTest copies a case's parameter as it is: bytes that no XML may hold become "?".
        text = open(path, encoding="utf-8", errors="replace").read()
        root = ET.fromstring(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd]", "?", text).encode())
    except (ET.ParseError, OSError) as problem:
        print(f"{path}: {problem}", file=sys.stderr)
        return 0, 1, 0
    passed = failed = skipped = 0
    for case in root.iter("testcase"):
        if case.get("status") in ("notrun", "disabled") or case.get("result") in ("suppressed", "skipped"):
            skipped += 1
        elif case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def ctest_counts(folder):
    """Counts of one preset's folder: the programs' own reports, held against ctest's."""
    total = [0, 0, 0]
    for case in ET.parse(os.path.join(folder, "ctest.xml")).getroot().iter("testcase"):
        report = os.path.join(folder, "gtest", case.get("name") + ".xml")
        own = case_counts(report) if os.path.exists(report) else (0, 0, 0)
        bad = case.find("failure") is not None or case.get("status") == "fail"
        if own == (0, 0, 0) and not bad:  # a test that is no GoogleTest program
            own = (1, 0, 0)
        if bad and own[1] == 0:
            own = (own[0], 1, own[2])
            print(f"{case.get('name')} ({os.path.basename(folder)}): ended badly outside its cases", file=sys.stderr)
        total = [a + b for a, b in zip(total, own)]
    return total


def read(folder):
    """{runner: [passed, failed, skipped]} and the phases [(name, code, seconds)]."""
    runners = collections.defaultdict(lambda: [0, 0, 0])
    for name in sorted(os.listdir(folder) if os.path.isdir(folder) else []):
        path = os.path.join(folder, name)
        if os.path.exists(os.path.join(path, "ctest.xml")):
            runners[name] = ctest_counts(path)
        elif name.endswith(".xml"):
            runner = re.sub(r"(-\d+)?\.xml$", "", name)  # parts are added up
            runners[runner] = [a + b for a, b in zip(runners[runner], case_counts(path))]
    phases = []
    if os.path.exists(os.path.join(folder, "phases.tsv")):
        for line in open(os.path.join(folder, "phases.tsv"), encoding="utf-8"):
            name, code, seconds = line.rstrip("\n").split("\t")
            phases.append((name, int(code), int(seconds)))
    return runners, phases


def main(folder):
    runners, phases = read(folder)
    failed_phases = [name for name, code, _ in phases if code != 0]
    reported = sum(counts[1] for counts in runners.values())
    # A runner's own failures make its phase fail: count the phase only when nobody else told of it.
    unexplained = [p for p in failed_phases if not any(c[1] and r in p for r, c in runners.items())]
    for name, code, seconds in phases:
        print(f"  {name:<28} {seconds // 60:3d} min {seconds % 60:2d} s  {'ok' if code == 0 else f'FAILED ({code})'}")
    for name, (good, bad, skipped) in runners.items():
        print(f"  {name:<28} {good} passed, {bad} failed" + (f", {skipped} skipped" if skipped else ""))
    passed, failed = sum(c[0] for c in runners.values()), reported + len(unexplained)
    if passed == 0 and failed == 0:
        print("no test ran", file=sys.stderr)
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "build/results"))
