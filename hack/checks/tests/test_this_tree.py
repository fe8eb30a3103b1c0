"""The real tree passes every check."""
import fault_tests
import hardening
import heavy_headers
import layers
import links
import pure
import sizes
import words


def test_layers(root, release):
    assert layers.check(root, release) == []


def test_heavy_headers(root):
    assert heavy_headers.check(root) == []


def test_pure(release):
    assert pure.check(release) == []


def test_sizes(root):
    assert sizes.check(root) == []


def test_hardening(release):
    assert hardening.check(release) == []


def test_words(root):
    assert words.check(root) == []


def test_links(root):
    assert links.check(root) == []


def test_fault_tests(root):
    assert fault_tests.check(root) == []
