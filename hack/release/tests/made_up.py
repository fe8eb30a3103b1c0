"""Made-up packages, as dpkg knows them, on a machine that is a folder."""
import os
import platform

LIBRARIES = f"lib/{platform.machine()}-linux-gnu"
FOR_MACHINES = """Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/

Files: *
Copyright: somebody
License: Expat

Files: tests/*
Copyright: somebody else
License: GPL-2+
"""


def write(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(content)


class Machine:
    def __init__(self, root):
        self.root = str(root)
        os.makedirs(os.path.join(self.root, "usr/lib"))
        os.symlink("usr/lib", os.path.join(self.root, "lib"))
        write(f"{self.root}/var/lib/dpkg/status", "")

    def install(self, name, version, paths, copyright_text="Free for all.\n", source=None):
        """Its files have its name as their content; `paths` are as the package says them."""
        fields = [f"Package: {name}", "Status: install ok installed", "Maintainer: m", "Architecture: amd64",
                  f"Version: {version}", "Description: d", *([f"Source: {source}"] if source else [])]
        with open(f"{self.root}/var/lib/dpkg/status", "a", encoding="utf-8") as status:
            status.write("\n".join(fields) + "\n\n")
        write(f"{self.root}/var/lib/dpkg/info/{name}.list", "".join(f"{path}\n" for path in paths))
        for path in paths:
            write(self.root + path, name)
        write(f"{self.root}/usr/share/doc/{name}/copyright", copyright_text)
