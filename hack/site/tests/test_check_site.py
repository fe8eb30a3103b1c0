"""hack/site/check_site.py over pages written by hand."""
import check_site
import pytest

OTHER = "https://example.com/x"
LOADED = "is loaded from another host"


@pytest.mark.parametrize("html, want", [
    (f'<a href="{OTHER}">x</a><link rel="canonical" href="{OTHER}">', []),
    (f'<script src="{OTHER}"></script>', [f"{OTHER} {LOADED}"]),
    ('<script src="//example.com/x.js"></script>', [f"//example.com/x.js {LOADED}"]),
    (f'<link rel="stylesheet" href="{OTHER}">', [f"{OTHER} {LOADED}"]),
    (f'<link rel="preconnect" href="{OTHER}">', [f"{OTHER} {LOADED}"]),
    (f'<img src="b.png" srcset="{OTHER} 2x">', [f"{OTHER} {LOADED}"]),
    (f'<iframe src="{OTHER}"></iframe>', [f"{OTHER} {LOADED}"]),
    (f'<p style="background: url({OTHER})">', [f"{OTHER} {LOADED}"]),
    (f'<style>@import "{OTHER}";</style>', [f"{OTHER} {LOADED}"]),
    ('<img src="data:image/png;base64,AA==">', []),
    ('<div class="a mermaid">', [f"//the-theme (class=mermaid) {LOADED}"]),
    ('<div data-md-component="source">', [f"//the-theme (data-md-component=source) {LOADED}"]),
    ('<a href="b/">x</a><a href="b/#two">x</a><a href="#one">x</a><p id="one"><a href="">x</a>', []),
    ('<a href="c/">x</a>', ["c/: leads nowhere"]),
    ('<a href="b/#three">x</a>', ["b/#three: b/index.html has no #three"]),
    ('<a href="#three">x</a>', ["#three: index.html has no #three"]),
    ('<img src="missing.png">', ["missing.png: leads nowhere"]),
    ('<a href="/b/">x</a>', ["/b/: is right only at the root of a host"]),
])
def test_pages(tmp_path, html, want):
    (tmp_path / "index.html").write_text(html, encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "b/index.html").write_text('<h1 id="two">', encoding="utf-8")
    (tmp_path / "b.png").write_text("", encoding="utf-8")
    assert check_site.check(str(tmp_path)) == [f"index.html: {problem}" for problem in want]


def test_styles(tmp_path):
    (tmp_path / "index.html").write_text("", encoding="utf-8")
    (tmp_path / "a.css").write_text(f"@font-face{{src:url({OTHER})}} b{{background:url(b.png)}}", encoding="utf-8")
    assert check_site.check(str(tmp_path)) == [f"a.css: {OTHER} {LOADED}"]


def test_an_empty_site(tmp_path):
    assert check_site.check(str(tmp_path)) == [f"{tmp_path} has no pages"]
