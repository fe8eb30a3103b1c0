"""The README's install is the one of the page about installing; a real cluster tries it in tests/e2e/test_readme.py."""
import re

import tree


def test_the_readme_installs_as_the_page_does(root):
    (block,) = re.findall(r"<!-- tested: install -->\n```sh\n(.*?)```", tree.read(root, "README.md"), re.DOTALL)
    page = re.search(r"(?m)(?:^    (?:helm|kubectl) .*\n)+", tree.read(root, "docs/install.md"))
    assert block.splitlines() == [line.strip() for line in page[0].splitlines()]
    assert [line.split()[:2] for line in block.splitlines()] == [["helm", "install"], ["helm", "test"], ["kubectl", "apply"]]


def test_the_plain_yaml_is_that_of_this_version(root):
    version = tree.read(root, "VERSION").strip()
    (block,) = re.findall(r"<!-- tested: plain YAML -->\n```sh\n(.*?)```", tree.read(root, "docs/install.md"), re.DOTALL)
    assert re.findall(r"apply -f (\S+)", block) == [f"coreflow-{part}-{version}.yaml" for part in ("crds", "operator")]


def test_what_is_marked_as_tested_is_asked_for_by_a_test_and_the_other_way_round(root):
    found = {word: set() for word in ("marked", "asked")}
    for path in tree.tracked(root):
        if path == "README.md" or path.startswith("docs/"):
            found["marked"] |= set(re.findall(r"<!-- ((?:tested|drill): [\w ]+) -->", tree.read(root, path)))
        elif path.startswith(("tests/e2e/", "tests/dev/")) and path.endswith(".py"):
            found["asked"] |= set(re.findall(r'"((?:tested|drill): [\w ]+)"', tree.read(root, path)))
    assert found["marked"] == found["asked"] and len(found["asked"]) >= 6
