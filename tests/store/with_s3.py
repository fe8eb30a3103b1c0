#!/usr/bin/env python3
"""Runs a command beside a server of S3 that listens on this machine only, and takes the server down after it.

usage: with_s3.py COMMAND [ARGUMENT…]     exit code: the command's, or 1 when there is no server

The command finds in its environment COREFLOW_S3 (the endpoint), COREFLOW_S3_KEY_ID and COREFLOW_S3_SECRET. The server
is empty, and what is in it goes with it.
"""
import os
import subprocess
import sys
import tempfile

from s3_server import NoServer, S3Server


def main(command):
    with tempfile.TemporaryDirectory(prefix="coreflow-s3-") as folder:
        server = S3Server(folder)
        try:
            server.start()
        except NoServer as why:
            print(f"with_s3.py: {why}", file=sys.stderr)
            return 1
        try:
            environment = {"COREFLOW_S3": server.endpoint, "COREFLOW_S3_KEY_ID": server.key_id,
                           "COREFLOW_S3_SECRET": server.secret}
            return subprocess.run(command, env=os.environ | environment, check=False).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
