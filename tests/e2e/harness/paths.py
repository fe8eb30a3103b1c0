"""Where things are."""
import os

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../../.."))
NAME = os.environ.get("COREFLOW_E2E_CLUSTER", "e2e")  # of the cluster, and of what belongs to it
LOGS = os.path.join(ROOT, "build/results/logs")
OPERATOR = os.path.join(ROOT, "build/release/operator/manager/coreflow-operator")
COREFLOW = os.path.join(ROOT, "build/release/operator/cli/coreflow")
CRDS = os.path.join(ROOT, "crds")
EXAMPLES = os.path.join(ROOT, "docs/examples")
CLUSTER = os.path.join(ROOT, "hack/cluster/cluster")
PROGRAMS = os.path.join(ROOT, "hack/cluster/binaries/build")
