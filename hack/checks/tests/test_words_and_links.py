import links
import pytest
import words


@pytest.mark.parametrize("path, text, good", [
    ("pkg/a/a.cc", "// To do it right, look twice.\n", True),
    ("pkg/a/a.cc", "// TO" "DO: finish\n", False),
    ("pkg/a/a_test.cc", "TEST(A, DISABLED" "_B) {}\n", False),
    ("Makefile", "\tcp .." "/shared/x .\n", False),
    (".ci/run", "cd .." "/shared/testdata\n", True),
    ("docs/a.md", "see /work/" "main\n", False),
    ("hack/tool", "# FIX" "ME\n", False),
])
def test_words(tree, path, text, good):
    tree.write(path, text)
    assert (words.check(tree.root) == []) == good


@pytest.mark.parametrize("text, want", [
    ("[a](other.md) [b](other.md#two-words) [c](https://example.com/x) [d](#here)\n\n# Here\n", []),
    ("[a](missing.md)\n", ["docs/a.md:1: missing.md leads nowhere"]),
    ("\n[a](other.md#three)\n", ["docs/a.md:2: docs/other.md has no heading #three"]),
    ("`[a](missing.md)`\n```\n[a](missing.md)\n```\n", []),
])
def test_links(tree, text, want):
    tree.write("docs/other.md", "# Two words\n")
    tree.write("docs/a.md", text)
    assert links.check(tree.root) == want
