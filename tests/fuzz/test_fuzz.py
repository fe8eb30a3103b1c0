"""Each target of libFuzzer runs for a minute, all at once; every input that was ever found to be a problem goes first."""
import os
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SECONDS = os.environ.get("COREFLOW_FUZZ_SECONDS", "60")
TARGETS = sorted(source.stem for source in pathlib.Path(__file__).parent.glob("*_fuzz.cc"))


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """Every target, started."""
    started = {}
    for name in TARGETS:
        log = tmp_path_factory.mktemp(name) / "log"
        with log.open("wb") as out:
            started[name] = subprocess.Popen([ROOT / "hack/fuzz", name, SECONDS], stdout=out, stderr=out), log
    yield started
    for process, _ in started.values():
        process.terminate()
        process.wait()


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_is_found_in_a_minute(running, name):
    process, log = running[name]
    code = process.wait(timeout=int(SECONDS) + 120)
    text = log.read_text(errors="replace")
    assert code == 0, text[-4000:]
    assert "stat::number_of_executed_units" in text, text[-4000:]
