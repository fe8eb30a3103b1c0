"""What dpkg knows of this machine: which package a file is from, a package's version, its copyright file."""
import os
import re
import subprocess
from dataclasses import dataclass

FIELDS = ("Package", "Version", "Architecture", "source:Package", "source:Version")


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    architecture: str
    source: str
    source_version: str
    copyright: str  # the path of its copyright file


def _query(root, *arguments):
    return subprocess.run(["dpkg-query", "--root", root, *arguments], capture_output=True, text=True, check=False)


def _names(root, path):
    """What dpkg may call a file: /lib is a link to /usr/lib, and packages say either."""
    real = "/" + os.path.relpath(os.path.realpath(root.rstrip("/") + path), os.path.realpath(root))
    for name in (path, real):
        yield name
        yield name.removeprefix("/usr") if name.startswith("/usr/") else "/usr" + name


def owners(paths, root="/"):
    """path -> the name of the package that it is from; of a path that is from none nothing is said."""
    names = {name: path for path in paths for name in _names(root, path)}
    if not names:
        return {}
    found = re.findall(r"^(?!diversion by )([^:,\s]+)[^\n]*: (/.*)$", _query(root, "--search", *names).stdout, re.M)
    return {names[name]: package for package, name in found if name in names}


def package(name, root="/"):
    fields = "".join(f"${{{field}}}\\n" for field in FIELDS)
    asked = _query(root, "--show", "--showformat", fields, name)
    if asked.returncode != 0:
        raise SystemExit(f"dpkg knows no package {name}")
    # Of several architectures the first is this machine's.
    values = asked.stdout.splitlines()[:len(FIELDS)]
    return Package(*values, copyright=f"{root.rstrip('/')}/usr/share/doc/{name}/copyright")
