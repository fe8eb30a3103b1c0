"""What tests/gitops has recorded is what the operator writes."""
import os

import pytest
import situations


@pytest.mark.parametrize("kind, name", situations.EACH)
def test_is_as_recorded(ns, kind, name):
    """COREFLOW_UPDATE=1 records it anew."""
    it = situations.Declared(ns, kind)
    text = situations.recording(situations.ALL[kind][name](it), ns.name)
    ns.kubectl("delete", it.short, situations.NAME, "--ignore-not-found", "--wait=false")
    if os.environ.get("COREFLOW_UPDATE"):
        with open(situations.path(kind, name), "w", encoding="utf-8") as file:
            file.write(text)
    with open(situations.path(kind, name), encoding="utf-8") as file:
        assert text == file.read()
