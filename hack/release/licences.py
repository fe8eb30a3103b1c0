#!/usr/bin/env python3
"""Puts the licences of everything in a folder into it: ours, and the copyright file of each Debian package that it has
something of, as DOC/PACKAGE/copyright.

usage: licences.py FOLDER [DOC]     DOC: usr/share/doc by default
"""
import os
import shutil
import sys

import contents
import dpkg

LICENCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../LICENSE")


def add(folder, doc="usr/share/doc", machine="/", compiled_in=tuple(contents.COMPILED_IN)):
    wanted = {*contents.sources(folder, machine).values(), *compiled_in}
    for name in sorted(wanted):
        source = LICENCE if name == contents.OURS else dpkg.package(name, machine).copyright
        os.makedirs(os.path.join(folder, doc, name), exist_ok=True)
        shutil.copyfile(source, os.path.join(folder, doc, name, "copyright"))


if __name__ == "__main__":
    add(*sys.argv[1:])
