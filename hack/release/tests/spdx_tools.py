"""What SPDX's own tools have against a document. They come from the Python package index, once, into the user's cache."""
import functools
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile

REQUIREMENTS = pathlib.Path(__file__).with_name("spdx-requirements.txt")


@functools.cache
def folder():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "coreflow/python"
    installed = cache / f"spdx-tools-{hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]}"
    if not installed.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as part:
            # Without the YAML library, which is Debian's and not asked for JSON.
            subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--target",
                            f"{part}/made", "-r", REQUIREMENTS], check=True)
            try:
                os.rename(f"{part}/made", installed)
            except OSError:  # of two that install at once, the first to get here wins
                assert installed.is_dir()
    return str(installed)


def faults(path):
    """What they print of a document with faults; nothing of a good one."""
    judge = [sys.executable, "-m", "spdx_tools.spdx.clitools.pyspdxtools", "--infile", path, "--version", "SPDX-2.3"]
    done = subprocess.run(judge, env={**os.environ, "PYTHONPATH": folder()}, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr
