"""Every example of the documentation ends here as it does on a cluster."""
import pytest
from harness import examples


@pytest.mark.parametrize("file", examples.FILES)
def test_example(ns, file):
    examples.run(ns, file)
