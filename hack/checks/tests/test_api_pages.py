"""docs/api: what the CRDs say, as pages."""
import gen_api_pages
import pytest
import tree
import yaml

SCHEMA = yaml.safe_load("""
description: A thing_s list.
required: [spec]
properties:
  metadata: {type: object}
  spec:
    description: What.
    properties:
      first:
        description: Either a|b.
        type: array
        items: {properties: &fields {env: {properties: {name: {type: string}}}}}
      last: {description: The same., properties: *fields}
""")


def test_pages_are_what_the_crds_say(root):
    made = gen_api_pages.pages()
    assert made == {path: tree.read(root, path) for path in made}
    assert tree.tracked(root, r"^docs/api/") == sorted(made)


@pytest.mark.parametrize("schema, want", [
    ({"type": "string"}, "string"),
    ({"type": "array", "items": {"type": "array", "items": {}}}, "[][]any"),
    ({"type": "object", "additionalProperties": {"type": "integer"}}, "map[string]integer"),
    ({"x-kubernetes-int-or-string": True}, "integer or string"),
])
def test_types(schema, want):
    assert gen_api_pages.type_of(schema) == want


def test_a_copy_leads_to_what_it_is_a_copy_of():
    page = gen_api_pages.page("Thing", SCHEMA)
    assert [line for line in page.splitlines() if line.startswith("#")] == [
        "# Thing", "## spec", "## spec.first", "## spec.first.env", "## spec.last"]
    assert page.count("| [`env`](#specfirstenv) | any |") == 2


def test_what_markdown_would_read_is_escaped():
    page = gen_api_pages.page("Thing", SCHEMA)
    assert "A thing\\_s list." in page and r"Either a\|b." in page
    assert gen_api_pages.prose("PARAM_<NAME>\n& more") == r"PARAM\_&lt;NAME> &amp; more"


def test_a_field_that_is_needed_says_so():
    assert "| [`spec`](#spec) | any, required | What. |" in gen_api_pages.page("Thing", SCHEMA)
