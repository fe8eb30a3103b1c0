"""What helm tells after an install: the next steps, and what does not last."""
import os
import shutil

import helm
import pytest

# Values -> how the warnings begin.
WARNINGS = [
    ({}, ["the store does not last"]),
    ({"replicas": 1}, ["the store does not last", "one replica"]),
    ({"replicas": 0, "store": {"enabled": False}}, ["no store", "no replica"]),
    ({"namespaces": ["team-a"], "store": {"existingClaim": "kept"}}, ["no fence"]),
    ({"store": {"s3": helm.S3}}, []),
]


@pytest.fixture(name="notes")
def notes_(root, tmp_path):
    """What the notes are for some values. Helm shows them only with a cluster at hand, so here they are a document."""
    shutil.copytree(os.path.join(root, "charts/coreflow"), tmp_path / "charts/coreflow")
    (tmp_path / "charts/coreflow/templates/NOTES.txt").rename(tmp_path / "charts/coreflow/files/notes")
    (tmp_path / "charts/coreflow/templates/notes.yaml").write_text('{kind: Notes, text: {{ tpl (.Files.Get "files/notes") . | toJson }}}')
    (tmp_path / "hack").symlink_to(os.path.join(root, "hack"))
    return lambda values: next(one["text"] for one in helm.rendered(str(tmp_path), values) if one["kind"] == "Notes")


@pytest.mark.parametrize("values, warnings", WARNINGS, ids=str)
def test_the_notes_warn_of_what_does_not_last(notes, values, warnings):
    said = [line.removeprefix("WARNING: ") for line in notes(values).splitlines() if line.startswith("WARNING: ")]
    assert [line.partition(".")[0] for line in said] == warnings


def test_the_notes_lead_to_the_namespace_that_is_served(notes):
    said = notes({"namespaces": ["team-a", "team-b"], "metrics": {"port": 9000}})
    assert "in team-a, team-b." in said and "namespace: team-a}" in said and "http://localhost:9000/metrics" in said
