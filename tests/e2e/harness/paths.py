"""Where things are."""
import os

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
LOGS = os.path.join(ROOT, "build/results/logs")
OPERATOR = os.path.join(ROOT, "build/release/operator/manager/coreflow-operator")
COREFLOW = os.path.join(ROOT, "build/release/operator/cli/coreflow")
CRDS = os.path.join(ROOT, "crds")
EXAMPLES = os.path.join(ROOT, "docs/examples")
CLUSTER = os.path.join(ROOT, "hack/cluster/cluster")
PROGRAMS = os.path.join(ROOT, "hack/cluster/binaries/build")
