import fault_tests
import pytest

CC = 'TEST(Suite, Plain) {}\nTEST_F(Other,\n       Wrapped) {}\nTEST_P(Many, Each) {}\nCase{"AName", 1};\n'
PY = "def test_it(operator):\n    pass\n"


def page(cell, where="argo #1"):
    return f"# Faults\n\n## Shown\n\n| what | where | test |\n|---|---|---|\n| it broke | {where} | {cell} |\n"


@pytest.fixture(name="with_pages")
def with_pages_(tree):
    """A tree whose pages are all well; what it is called with takes the place of one."""
    tree.write("a_test.cc", CC)
    tree.write("test_b.py", PY)

    def write(name, text):
        for one in fault_tests.PAGES:
            tree.write(one, text if one == name else page("`a_test.cc` Suite.Plain"))
        return fault_tests.check(tree.root)
    return write


@pytest.mark.parametrize("name", fault_tests.PAGES)
@pytest.mark.parametrize("cell, want", [
    ("`a_test.cc` Suite.Plain", []),
    ("`a_test.cc` Other.Wrapped, Many.Each, AName; `test_b.py` test_it", []),
    ("`a_test.cc` Suite.Gone", ["a_test.cc has no test Suite.Gone"]),
    ("`a_test.cc` Gone", ["a_test.cc has no test Gone"]),
    ("`test_b.py` test_gone, test_it", ["test_b.py has no test test_gone"]),
    ("`c_test.cc` Suite.Plain", ["there is no c_test.cc"]),
    ("`a_test.cc`", ["no test of a_test.cc is named"]),
    ("some day", ["no test is named"]),
])
def test_each_test_that_is_named_is_there(with_pages, name, cell, want):
    assert with_pages(name, page(cell)) == [f"{name}:7: {what}" for what in want]


def test_each_file_that_is_named_is_there(with_pages):
    name = fault_tests.PAGES[-1]
    text = page("`a_test.cc` Suite.Plain", "`docs/security.md`, `--flag`, `pkg/gone.cc`")
    assert with_pages(name, text) == [f"{name}:7: there is no pkg/gone.cc"]


def test_what_waits_needs_no_test(with_pages):
    name = fault_tests.PAGES[0]
    assert with_pages(name, page("`a_test.cc` Suite.Plain") + "\n## Waits\n\n| what | for |\n|---|---|\n| it | that |\n") == []


def test_a_page_that_is_missing_is_told(tree):
    assert fault_tests.check(tree.root) == [f"{page} is missing" for page in fault_tests.PAGES]
