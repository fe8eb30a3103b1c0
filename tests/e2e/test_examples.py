"""Every example of the documentation runs as it stands there."""
import os

import pytest
import yaml
from harness import examples, paths
from harness.namespace import condition


@pytest.mark.parametrize("file", sorted(set(examples.FILES) - examples.OF_INSTALLS))
def test_example(operator, ns, file):
    examples.run(ns, file)


def test_the_pod_security_standard_admits_the_example_for_it_and_no_other(operator, ns):
    ns.kubectl("label", "namespace", ns.name, "pod-security.kubernetes.io/enforce=restricted")
    examples.run(ns, "restricted.yaml")
    ns.apply(examples.read("hello.yaml")[0])
    assert "violates PodSecurity" in condition(ns.end("hello", "Failed"))["message"]


def test_the_readme_shows_an_example_that_is_there():
    with open(os.path.join(paths.ROOT, "README.md"), encoding="utf-8") as readme:
        shown = readme.read().split("```yaml\n")[1].split("```")[0]
    with open(os.path.join(paths.EXAMPLES, "word-count.yaml"), encoding="utf-8") as example:
        assert yaml.safe_load(shown) == yaml.safe_load(example)
