"""What the engine computes for a step, in instructions: the same on every machine, as good as."""
import os
import re
import subprocess

from harness import paths
from rows import row

PROGRAM = os.path.join(paths.ROOT, "build/release/tests/bench/coreflow-engine-steps")
COUNTED = ("coreflow::engine::Owner::Observe*", "coreflow::engine::Owner::Decide(*")


def of_engine(steps):
    """Instructions a step, in a workflow of so many."""
    toggles = [f"--toggle-collect={name}" for name in COUNTED]
    done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no", *toggles,
                           PROGRAM, str(steps)], capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1)) / steps


def rows(few=1000, many=10_000):
    small, large = of_engine(few), of_engine(many)
    assert small > 10_000, "nothing was counted: are the functions' names still these?"
    return [row(f"engine's instructions a step, {few:,} steps", small),
            row(f"engine's instructions a step, {many:,} steps", large, "", 1.5 * small, f"{large / small:.2f} times as many")]
