import crd_descriptions
import pytest
import yaml

HEADER = """namespace coreflow::api::defaults {
inline constexpr bool kFailFast = true;
inline constexpr RunAfter kRunAfter = RunAfter::kSucceeded;
inline constexpr std::array<std::string_view, 2> kInterpreter = {"sh", "-ec"};
}
"""
GOOD = "How long it may take, in seconds."


def problems(tree, properties):
    """What is wrong with a CRD whose spec has these fields."""
    spec = {"type": "object", "description": "What is to be run, and how.", "properties": properties}
    schema = {"type": "object", "properties": {"metadata": {"type": "object"}, "spec": spec}}
    crd = {"spec": {"versions": [{"schema": {"openAPIV3Schema": schema}}]}}
    tree.write("crds/x.yaml", yaml.safe_dump(crd))
    tree.write("pkg/api/defaults.h", HEADER)
    return [line.removeprefix("crds/x.yaml: .spec") for line in crd_descriptions.check(tree.root)]


def test_this_tree(root):
    assert crd_descriptions.check(root) == []


CASES = {
    "good": ({"timeoutSeconds": {"description": GOOD}}, []),
    "none": ({"a": {"type": "string"}}, [".a: the description has 0 characters, at least 20 are needed"]),
    "short": ({"a": {"description": "The a."}}, [".a: the description has 6 characters, at least 20 are needed"]),
    "only the name": ({"serviceAccountName": {"description": "The service account name."}},
                      [".serviceAccountName: the description only repeats the name"]),
    "enum value": ({"a": {"description": "One of two modes: Fast.", "enum": ["Fast", "Safe"]}},
                   [".a: the description does not name Safe"]),
    "enum value of a list": ({"a": {"description": "Any of two modes: Faster, Safe.", "type": "array",
                                    "items": {"enum": ["Fast", "Safe"]}}}, [".a: the description does not name Fast"]),
    "schema default": ({"a": {"description": GOOD, "default": 7}}, [".a: the description does not name the default 7"]),
    "default below a list": ({"a": {"description": GOOD, "type": "array", "items": {"properties": {
        "b": {"description": "How many there are. Default: 7.", "default": 7}}}}},
        [".a.b: a default below a list: let the engine fill it in"]),
    "our default": ({"failFast": {"description": "Whether it stops. Default: false."}},
                    ['.failFast: the description has to say "Default: true.", as pkg/api/defaults.h has it']),
    "our default, an enum": ({"steps": {"description": GOOD, "type": "array", "items": {"properties": {
        "runAfter": {"description": "When it starts. Default: Succeeded."},
        "interpreter": {"description": "What runs the script. Default: [sh, -ec]."}}}}}, []),
}


@pytest.mark.parametrize("name", CASES)
def test_fields(tree, name):
    properties, want = CASES[name]
    assert problems(tree, properties) == want


def test_size(tree):
    assert "has 2" in problems(tree, {"a": {"description": "x" * crd_descriptions.LARGEST}})[0]
