"""What the operator holds in memory."""
import concurrent.futures
import json

import raw
from rows import row
from shapes import STEP, mebibytes, namespace, workflow

# How long a simulated pod runs.
LONG = {"annotations": {"pod-complete.stage.kwok.x-k8s.io/delay": "3h"}}


def live_pods(bench, workflows, pods_each):
    """Rows: with nothing to do, and with so many workflows whose pods all run."""
    idle = mebibytes(bench.pid, "VmRSS")
    ns = namespace(bench.cluster, "live")
    path = f"/apis/coreflow.dev/v1alpha1/namespaces/{ns.name}/workflows"
    watch = raw.Watch(bench.api, f"/api/v1/namespaces/{ns.name}/pods", lambda kind, pod: pod.get("status", {}).get("phase") == "Running")
    items = [{"name": "all", **STEP, "pod": LONG, "forEach": {"items": json.dumps(list(range(pods_each)))}}]
    with concurrent.futures.ThreadPoolExecutor(4) as several:
        list(several.map(lambda n: bench.api.create(path, workflow(f"w{n}", items)), range(workflows)))
    watch.until(lambda seen: len(seen) >= workflows * pods_each, 1800)
    full, most = mebibytes(bench.pid, "VmRSS"), mebibytes(bench.pid, "VmHWM")
    return [row("operator's memory, idle", idle, "MiB", 40),
            row(f"operator's memory, {workflows:,} workflows with {workflows * pods_each:,} live pods", full, "MiB", 64,
                f"{most:.0f} MiB at most")]
