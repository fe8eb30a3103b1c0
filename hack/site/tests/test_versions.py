"""hack/site/versions.py: which version is the newest."""
import json

import pytest
import versions


@pytest.mark.parametrize("names, want", [
    (["0.9.0", "0.10.0", "0.2.11"], ["0.10.0", "0.9.0", "0.2.11"]),
    (["1.0.0-rc.1", "1.0.0", "0.9.0"], ["1.0.0", "1.0.0-rc.1", "0.9.0"]),
    (["runbooks", "index.html", "v1", "1.0"], []),
])
def test_newest_first(names, want):
    assert versions.newest_first(names) == want


@pytest.mark.parametrize("names, leads_to", [
    (["1.0.0", "1.1.0-rc.1"], "1.0.0"),
    (["1.1.0-rc.1"], "1.1.0-rc.1"),
])
def test_addresses_without_a_version(tmp_path, names, leads_to):
    for name in names:
        (tmp_path / name / "runbooks/A").mkdir(parents=True)
        (tmp_path / name / "runbooks/A/index.html").write_text("", encoding="utf-8")
    (tmp_path / "runbooks/Gone.md").mkdir(parents=True)
    versions.write(tmp_path)
    assert [one["version"] for one in json.loads((tmp_path / "versions.json").read_text(encoding="utf-8"))] == \
        versions.newest_first(names)
    assert f'url={leads_to}/"' in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert f'url=../../{leads_to}/runbooks/A/"' in (tmp_path / "runbooks/A.md/index.html").read_text(encoding="utf-8")
    assert not (tmp_path / "runbooks/Gone.md").exists()
