"""What of a page is changed before the generator sees it, and in which order pages stand."""
import navigation
import pytest
import source_links

PAGES = {"docs/a.md": "a.md", "docs/b/README.md": "b/README.md", "docs/b/c.yaml": "b/c.yaml", "README.md": "index.md"}


@pytest.mark.parametrize("source, text, want", [
    ("docs/a.md", "[x](b/c.yaml) [y](b/README.md#z)", "[x](b/c.yaml) [y](b/README.md#z)"),
    ("docs/a.md", "[x](b) [y](b/)", "[x](b/README.md) [y](b/README.md)"),
    ("docs/b/README.md", "[x](../../README.md#y)", "[x](../index.md#y)"),
    ("README.md", "[x](docs/b/README.md)", "[x](b/README.md)"),
    ("docs/a.md", "[`x.h`](../pkg/x.h)", "`x.h` (`pkg/x.h`)"),
    ("docs/a.md", "[`pkg/x.h`](../pkg/x.h)", "`pkg/x.h`"),
    ("docs/a.md", "[all](../pkg)", "all (`pkg`)"),
    ("docs/a.md", "[x](https://example.com) [y](#z) [z](missing.md)", "[x](https://example.com) [y](#z) [z](missing.md)"),
    ("docs/a.md", "`[x](../pkg)` [y](../pkg)", "`[x](../pkg)` y (`pkg`)"),
    ("docs/a.md", "```\n[x](../pkg)\n```\n[y](../pkg)", "```\n[x](../pkg)\n```\ny (`pkg`)"),
])
def test_links(tmp_path, source, text, want):
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/x.h").write_text("", encoding="utf-8")
    assert source_links.Links(str(tmp_path), PAGES, "").rewritten(source, text) == want


@pytest.mark.parametrize("text, want", [
    ("**Not chosen.**\n- a\n  b\n- c\n", "**Not chosen.**\n\n- a\n  b\n- c\n"),
    ("Choice.\n1. a\n2. b\n", "Choice.\n\n1. a\n2. b\n"),
    ("a\n\n- b\n- c\n", "a\n\n- b\n- c\n"),
    ("There are\n7. It is not a list.\n", "There are\n7. It is not a list.\n"),
    ("```\na:\n- b\n```\n", "```\na:\n- b\n```\n"),
    ("text\n    code\n- a\n", "text\n    code\n- a\n"),
])
def test_lists(text, want):
    assert source_links.with_lists(text) == want


def test_the_order_of_a_folder_is_that_of_its_readme():
    pages = ["t/README.md", "t/a.md", "t/b.md", "t/c.md", "t/d.md", "t/deep/e.md", "u.md"]
    nav = ["u.md", {"T": ["t/*.md"]}, "t/d.md"]
    made = navigation.expanded(nav, pages, lambda page: "[c](c.md#x) [a](a.md) [c](c.md)")
    assert made == ["u.md", {"T": ["t/README.md", "t/c.md", "t/a.md", "t/b.md"]}, "t/d.md"]
    assert navigation.forgotten(made, pages) == ["t/deep/e.md"]
