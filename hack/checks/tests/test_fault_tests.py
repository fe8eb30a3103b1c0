import fault_tests
import pytest

CC = 'TEST(Suite, Plain) {}\nTEST_F(Other,\n       Wrapped) {}\nTEST_P(Many, Each) {}\nCase{"AName", 1};\n'
PY = "def test_it(operator):\n    pass\n"


def page(cell):
    return f"# Faults\n\n## Shown\n\n| what | elsewhere | test |\n|---|---|---|\n| it broke | argo #1 | {cell} |\n"


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
def test_each_test_that_is_named_is_there(tree, cell, want):
    tree.write("a_test.cc", CC)
    tree.write("test_b.py", PY)
    tree.write(fault_tests.PAGE, page(cell))
    assert fault_tests.check(tree.root) == [f"{fault_tests.PAGE}:7: {what}" for what in want]


def test_what_waits_needs_no_test(tree):
    tree.write("a_test.cc", CC)
    tree.write(fault_tests.PAGE, page("`a_test.cc` Suite.Plain") + "\n## Waits\n\n| what | for |\n|---|---|\n| it | that |\n")
    assert fault_tests.check(tree.root) == []
