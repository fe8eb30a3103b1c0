import limits
import pytest

HEADER = """inline constexpr size_t kBytes = size_t{64} << 10;
inline constexpr int64_t kItems = 1'000'000;
struct Limits { Duration max_age = std::chrono::hours(24 * 30); };
inline constexpr cel::Limits kCost = {.cost = 5'000};
void f(size_t max_line = size_t{8} << 20)
    : line_(max_line) {}
inline constexpr size_t kLess = (size_t{128} << 10) - 100;
inline constexpr size_t kOther = Something(3);
"""
CRD = """
spec:
  versions:
  - schema:
      openAPIV3Schema:
        properties:
          spec:
            properties:
              steps: {maxItems: 1000, items: {properties: {name: {maxLength: 40}}}}
"""


def page(text, source):
    return f"| what | at most | beyond | from |\n|---|---|---|---|\n| it | {text} | refused | {source} |\n"


@pytest.mark.parametrize("text, source, want", [
    ("64 KiB", "`a.h` kBytes", None),
    ("1,000,000", "`a.h` kItems", None),
    ("30 days", "`a.h` max_age", None),
    ("5,000", "`a.h` kCost", None),
    ("8 MiB", "`a.h` max_line", None),
    ("130,972 bytes", "`a.h` kLess", None),
    ("1,000", "`crd.yaml` steps.maxItems", None),
    ("40 characters", "`crd.yaml` steps.name.maxLength", None),
    ("65 KiB", "`a.h` kBytes", "says 65 KiB, and kBytes is 65536"),
    ("41 characters", "`crd.yaml` steps.name.maxLength", "says 41 characters, and steps.name.maxLength is 40"),
    ("1", "`a.h` kOther", "no number can be read of a.h kOther"),
    ("1", "`a.h` kGone", "no number can be read of a.h kGone"),
    ("1", "`crd.yaml` steps.other.maxLength", "no number can be read of crd.yaml steps.other.maxLength"),
    ("many", "`a.h` kItems", 'no number can be read of "many"'),
    ("1", "`gone.h` kItems", "there is no gone.h"),
])
def test_a_number_is_that_of_its_source(tree, text, source, want):
    tree.write("a.h", HEADER)
    tree.write("crd.yaml", CRD)
    tree.write(limits.PAGE, page(text, source))
    assert limits.check(tree.root) == ([f"{limits.PAGE}:3: {want}"] if want else [])


def test_a_page_without_sources_is_told(tree):
    tree.write(limits.PAGE, "# Limits\n")
    assert limits.check(tree.root) == [f"{limits.PAGE}: has no row with its source"]


def test_this_tree(root):
    assert limits.check(root) == [] and len(list(limits.rows(limits.tree.read(root, limits.PAGE)))) > 35
