"""Values that are none are refused, whichever they are; each is explained."""
import copy
import json
import os

import gen_chart_values
import jsonschema
import pytest
import tree
import yaml

CHARTS = ["coreflow", "coreflow-crds"]
# Maps that are free as Kubernetes has them free.
FREE = {
    "global", "nodeSelector", "podAnnotations", "podLabels", "resources.requests", "resources.limits", "resources.claims[]",
    "affinity.nodeAffinity", "affinity.podAffinity", "affinity.podAntiAffinity", "topologySpreadConstraints[].labelSelector",
    *(f"networkPolicy.{peers}.{one}" for peers in ("metricsFrom[]", "readersFrom[]", "extraEgress[].to[]")
      for one in ("podSelector", "namespaceSelector", "ipBlock")),
    "networkPolicy.extraEgress[].ports[]",
}


@pytest.fixture(name="chart", params=CHARTS)
def chart_(request, root):
    """The schema of a chart's values, and its values.yaml."""
    folder = os.path.join(root, "charts", request.param)
    return json.loads(tree.read(folder, "values.schema.json")), yaml.safe_load(tree.read(folder, "values.yaml"))


def paths(values, path=()):
    """The keys that lead to each value, also to those with values in them."""
    for key, value in values.items():
        yield (*path, key)
        if isinstance(value, dict):
            yield from paths(value, (*path, key))


def at(values, path):
    for key in path:
        values = values[key]
    return values


def changed(values, path, change):
    """The values, but for what `change` does to the map that the last key of the path is in."""
    made = copy.deepcopy(values)
    change(at(made, path[:-1]), path[-1])
    return made


def is_free(path):
    return any(".".join(path[:n]) in FREE for n in range(1, len(path)))


def test_the_defaults_are_values(chart):
    jsonschema.Draft7Validator.check_schema(chart[0])
    jsonschema.validate(chart[1], chart[0], jsonschema.Draft7Validator)


def test_a_misspelt_value_is_refused(chart):
    schema, values = chart
    for path in (path for path in paths(values) if not is_free(path)):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(changed(values, path, lambda map, key: map.update({key + "s2": map.pop(key)})), schema)


@pytest.mark.parametrize("instead", [[[]], {"x": {}}, None, 0.5], ids=str)
def test_a_value_of_a_wrong_type_is_refused(chart, instead):
    schema, values = chart
    for path in (path for path in paths(values) if not is_free(path)):
        if instead is None and not isinstance(at(values, path), (str, int)):
            continue  # helm takes null for a map or list as one that is empty
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(changed(values, path, lambda map, key: map.update({key: instead})), schema)


def open_maps(schema, path=""):
    """Where a schema takes anything."""
    if schema.get("type") == "object" and schema.get("additionalProperties", True) is True:
        yield path
    for name, member in schema.get("properties", {}).items():
        yield from open_maps(member, f"{path}.{name}" if path else name)
    if "items" in schema:
        yield from open_maps(schema["items"], path + "[]")


def test_only_what_is_free_in_kubernetes_is_free(chart):
    assert set(open_maps(chart[0])) <= FREE


@pytest.mark.parametrize("chart", CHARTS)
def test_every_value_is_explained(root, chart):
    text = tree.read(root, f"charts/{chart}/values.yaml")
    assert [name for name, _, said in gen_chart_values.values(text) if not said] == []


def test_a_value_without_a_comment_is_found():
    said = gen_chart_values.values("# -- One.\na: 1\n# Two.\nb: {c: 2}\nd:\n  # -- Three,\n  # and more.\n  e: {f: 3}\n")
    assert list(said) == [("a", 1, "One."), ("b.c", 2, ""), ("d.e", {"f": 3}, "Three, and more.")]


def test_the_tables_of_the_documentation_are_current(root):
    text = tree.read(root, gen_chart_values.PAGE)
    assert text.count("<!-- values of ") == len(CHARTS) and gen_chart_values.page(text) == text
