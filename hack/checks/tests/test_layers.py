import heavy_headers
import layers
import pytest

DECLARED = [
    "library base pure pkg/base a.a -",
    "library api pure pkg/api a.a base",
    "library engine pure pkg/engine a.a api",
    "test engine_test pure pkg/engine t engine,fakes",
    "library fakes effects tests/fakes a.a api",
    "test conformance_test effects tests/conformance t fakes",
    "program manager effects operator/manager p engine",
]


@pytest.mark.parametrize("path, include, want", [
    ("pkg/engine/run.cc", "pkg/engine/run.h", None),
    ("pkg/engine/run.cc", "pkg/api/types.h", None),
    ("pkg/engine/run.cc", "pkg/base/time.h", "pkg/engine does not list pkg/base in DEPS"),
    ("pkg/base/time.cc", "pkg/engine/run.h", "pkg/base does not list pkg/engine in DEPS"),
    ("pkg/engine/run.cc", "tests/fakes/clock.h", "pkg/engine does not list tests/fakes in DEPS"),
    ("pkg/engine/run_test.cc", "tests/fakes/clock.h", None),
    ("tests/conformance/list_test.cc", "tests/fakes/clock.h", None),
    ("tests/conformance/cases.h", "tests/fakes/clock.h", None),
    ("operator/manager/main.cc", "pkg/engine/run.h", None),
    ("operator/manager/main.cc", "pkg/api/types.h", "operator/manager does not list pkg/api in DEPS"),
    ("pkg/engine/run.cc", "pkg/nowhere/x.h", "belongs to no library"),
    ("pkg/loose/x.cc", "pkg/base/time.h", "no library, test or program is declared for its folder"),
])
def test_an_include_needs_its_dependency(tree, path, include, want):
    tree.declare(DECLARED)
    tree.write("pkg/base/time.h", "")
    tree.write(path, f'// x\n#include <vector>\n#include "{include}"\n')
    problems = layers.check(tree.root, tree.build)
    if want is None:
        assert problems == []
    else:
        assert len(problems) == 1 and want in problems[0] and problems[0].startswith(path)


def test_a_heavy_header_in_a_header_or_a_third_file_is_reported(tree):
    tree.write("pkg/http/one.cc", "#include <cpprest/http_client.h>\n")
    tree.write("pkg/http/two.cc", "#include <boost/beast/core.hpp>\n#include <pplx/pplxtasks.h>\n")
    assert heavy_headers.check(tree.root) == []
    tree.write("pkg/kube/three.cc", "#include <cpprest/json.h>\n")
    tree.write("pkg/json/parse.h", "#include <simdjson.h>\n")
    problems = heavy_headers.check(tree.root)
    assert len(problems) == 2
    assert problems[0].startswith("cpprestsdk is included in 3 files")
    assert problems[1] == "pkg/json/parse.h: a header includes simdjson"
