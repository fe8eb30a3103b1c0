"""The examples of the documentation, and what each comes to."""
import glob
import os

from harness import paths
from harness.namespace import outputs

# Those that need what only an install has, the image of the couriers: test_chart.py runs them.
OF_INSTALLS = {"artifacts.yaml"}
FILES = sorted(os.path.basename(path) for path in glob.glob(f"{paths.EXAMPLES}/*.yaml"))


def run(ns, file):
    """Runs it as it stands there, to the end that it says."""
    with open(os.path.join(paths.EXAMPLES, file), encoding="utf-8") as text:
        done = ns.run(text.read(), timeout=240)
    if file == "licence-words.yaml":
        results = outputs(done)
        assert results["total"] == results["wc"] == sum(results["words"]) > 10000
