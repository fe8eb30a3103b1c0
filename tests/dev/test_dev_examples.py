"""Every example of the documentation ends here as it does on a cluster."""
import os
import re

import pytest
from harness import examples, paths


@pytest.mark.parametrize("file", examples.FILES)
def test_example(ns, file):
    examples.run(ns, file)


def test_the_list_has_every_example():
    with open(os.path.join(paths.EXAMPLES, "README.md"), encoding="utf-8") as file:
        assert sorted(re.findall(r"^\| `([a-z-]+\.yaml)` ", file.read(), re.MULTILINE)) == examples.FILES == sorted(examples.ENDS)
