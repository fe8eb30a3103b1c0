"""Where the files of what is released come from: a folder as hack/image/closure and hack/release/program leave it."""
import filecmp
import os
import platform
import re

import dpkg

OURS = "coreflow"
# Files that are ours, and files that were made from those of a package.
MADE_OF = [(re.compile(pattern), package) for pattern, package in (
    (r"(usr/)?bin/coreflow[^/]*|README", OURS),
    (r"usr/lib/ssl/cert\.pem", "ca-certificates"))]
NOTICE = re.compile(r"(usr/)?share/doc/([^/]+)/copyright")
# Libraries that went here are from the system's folder.
BUNDLED, SYSTEM = "lib/coreflow/", f"/lib/{platform.machine()}-linux-gnu/"
# What our programs have of libraries without a shared one: headers of templates, and in coreflow-exec, which is static
# and part of `coreflow`, what every program is linked with.
COMPILED_IN = ["libboost1.74-dev", "libc6-dev", "libcli11-dev", "libgcc-12-dev", "libstdc++-12-dev"]


def files(root):
    """Paths of all files in a folder, relative to it, in one order on every machine."""
    return sorted(os.path.relpath(os.path.join(folder, name), root) for folder, _, names in os.walk(root) for name in names)


def _known(path):
    if notice := NOTICE.fullmatch(path):
        return notice[2]
    return next((package for pattern, package in MADE_OF if pattern.fullmatch(path)), None)


def sources(root, machine="/"):
    """path -> package, of each file in a folder. Stops at a file of which nobody knows where it is from."""
    known = {path: _known(path) for path in files(root)}
    of_machine = {path: (SYSTEM + path.removeprefix(BUNDLED) if path.startswith(BUNDLED) else "/" + path)
                  for path, package in known.items() if package is None}
    owners = dpkg.owners(of_machine.values(), machine)
    for path, original in of_machine.items():
        if original not in owners:
            raise SystemExit(f"{path}: no package has {original}")
        if not filecmp.cmp(os.path.join(root, path), machine.rstrip("/") + original, shallow=False):
            raise SystemExit(f"{path}: is not what is in {original}")
        known[path] = owners[original]
    return known


def programs(root):
    return [path for path in files(root) if re.fullmatch(r"(usr/)?bin/coreflow[^/]*", path)]
