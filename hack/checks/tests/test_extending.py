"""docs/extending.md names only what there is: fields, labels, variables, events, commands and their flags."""
import re

import crd
import manifests
import pytest
import tree
import yaml

PAGE = "docs/extending.md"


@pytest.fixture
def page(root):
    return tree.read(root, PAGE)


def documents(text):
    return [document for block in re.findall(r"^```yaml\n(.*?)^```", text, re.M | re.S) for document in yaml.safe_load_all(block)]


def unknown_flags(root, text):
    """Commands of `coreflow` in a page whose own page does not have them, or not that flag."""
    everywhere = tree.read(root, "docs/commands/README.md")
    for command, rest in re.findall(r"\bcoreflow,? ([a-z]+)\b(?!:)([^#\n`]*)", text):
        known = everywhere + tree.read(root, f"docs/commands/{command}.md")
        for flag in re.findall(r"(?<!\S)(--?[a-z-]+)", rest, re.I):
            if not re.search(rf"^\| `[^|]*(?<![\w-]){flag}\b", known, re.M):
                yield f"{command} {flag}"


def test_workflows_are_valid(root, page):
    found = [document for document in documents(page) if document["kind"] == "Workflow"]
    assert found and [manifests.faults(root, manifests.VERSIONS[0], document) for document in found] == [[]] * len(found)


def test_labels_annotations_variables_and_events_are_in_the_sources(root, page):
    sources = "".join(tree.read(root, path) for path in tree.sources(root) if path.startswith("pkg/") and "_test" not in path)
    named = set(re.findall(r"coreflow\.dev/(?!v1)[a-z-]+", page)) | set(re.findall(r"\bCOREFLOW_[A-Z]+\b", page))
    assert len(named) > 8 and [name for name in named if f'"{name}"' not in sources] == []
    assert [event for event in re.findall(r"`Run(\w+)`", page) if f'"{event}"' not in sources] == []


def test_conditions_are_those_of_the_crd(page):
    told = crd.schema("workflows")["properties"]["status"]["properties"]["conditions"]["items"]["properties"]["type"]
    rows = re.search(r"^\| condition \|.*?\n\n", page, re.M | re.S)[0]
    first = " ".join(re.findall(r"^\| (`[^|]*) \|", rows, re.M))
    assert set(re.findall(r"`(\w+)`", first)) == set(re.findall(r"[A-Z]\w+", told["description"].partition(":")[2]))


def test_commands_have_the_flags(root, page):
    assert list(unknown_flags(root, page)) == []


@pytest.mark.parametrize("line, want", [
    ("coreflow list -A --watch -o json", []),
    ("coreflow list --wtch", ["list --wtch"]),
    ("command: [coreflow, rerun, workflow/nightly, --namespace=team-a]", []),
    ("coreflow lint --watch x.yaml  # --nothing", ["lint --watch"]),
])
def test_a_flag_that_there_is_not_is_found(root, line, want):
    assert list(unknown_flags(root, line)) == want
