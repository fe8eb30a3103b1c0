"""Every example of the documentation runs as it stands there."""
import glob
import os

import pytest
import yaml
from harness import paths
from harness.namespace import outputs

FILES = sorted(os.path.basename(path) for path in glob.glob(f"{paths.EXAMPLES}/*.yaml"))


@pytest.mark.parametrize("file", FILES)
def test_example(operator, ns, file):
    with open(os.path.join(paths.EXAMPLES, file), encoding="utf-8") as text:
        done = ns.run(text.read(), timeout=240)
    if file == "licence-words.yaml":
        results = outputs(done)
        assert results["total"] == results["wc"] == sum(results["words"]) > 10000


def test_the_readme_shows_an_example_that_is_there():
    with open(os.path.join(paths.ROOT, "README.md"), encoding="utf-8") as readme:
        shown = readme.read().split("```yaml\n")[1].split("```")[0]
    with open(os.path.join(paths.EXAMPLES, "word-count.yaml"), encoding="utf-8") as example:
        assert yaml.safe_load(shown) == yaml.safe_load(example)
