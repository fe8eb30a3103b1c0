"""hack/ci/parts: tests in parts side by side."""
import os
import subprocess
import xml.etree.ElementTree as ET

import pytest

PARTS = os.path.join(os.path.dirname(__file__), "../parts")
TESTS = """
import pytest

@pytest.mark.parametrize("i", range(30))
def test_all(i):
    assert str(i) != "{bad}"
"""


def run(folder, parts, bad, *arguments):
    (folder / "test_some.py").write_text(TESTS.format(bad=bad))
    return subprocess.run([PARTS, "some", str(folder), *arguments], cwd=folder, env={**os.environ, "COREFLOW_PARTS": str(parts)},
                          capture_output=True, text=True, check=False)


def reports(folder):
    return {path.name: [case.get("name") for case in ET.parse(path).iter("testcase")]
            for path in (folder / "build/results").glob("*.xml")}


@pytest.mark.parametrize("parts", [2, 3])
def test_each_test_is_in_one_part(tmp_path, parts):
    assert run(tmp_path, parts, "none").returncode == 0
    found = reports(tmp_path)
    assert sorted(found) == [f"some-{part}.xml" for part in range(1, parts + 1)] and all(found.values())
    assert sorted(sum(found.values(), [])) == sorted(f"test_all[{i}]" for i in range(30))


def test_one_part_has_all(tmp_path):
    assert run(tmp_path, 1, "none").returncode == 0
    assert {name: len(cases) for name, cases in reports(tmp_path).items()} == {"some.xml": 30}


@pytest.mark.parametrize("parts", ["0", "-1", "x", "1.5"])
def test_what_is_no_number_of_parts_is_refused(tmp_path, parts):
    done = run(tmp_path, parts, "none")
    assert done.returncode == 2 and f"COREFLOW_PARTS is '{parts}'" in done.stderr and not reports(tmp_path)


@pytest.mark.parametrize("parts", [1, 3])
def test_a_failure_is_told_last(tmp_path, parts):
    done = run(tmp_path, parts, 7)
    assert done.returncode == 1
    assert "test_all[7]" in done.stdout and "1 failed" in done.stdout.splitlines()[-1]
