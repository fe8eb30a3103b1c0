#!/usr/bin/env python3
"""Writes what the versions of a site share: the list for the selector, and addresses without a version.

usage: versions.py SITE      SITE has a folder for each version

The site's front page and its runbooks answer without a version too, and lead to the newest one: an alert names
runbooks/ALERT.md below the site, whichever version it came with.
"""
import json
import os
import pathlib
import re
import shutil
import sys

VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(-[\w.]+)?")
REDIRECT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>CoreFlow</title>
<meta http-equiv="refresh" content="0; url={0}">
<link rel="canonical" href="{0}">
<p><a href="{0}">{0}</a></p>
</html>
"""


def newest_first(names):
    """Those of the names that are versions; what comes before a release stands behind it."""
    found = [match for name in names if (match := VERSION.fullmatch(name))]
    found.sort(key=lambda m: (*map(int, m.groups()[:3]), m[4] is None, m[4] or ""), reverse=True)
    return [match[0] for match in found]


def redirect(page, target):
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(REDIRECT.format(target), encoding="utf-8")


def write(site):
    site = pathlib.Path(site)
    versions = newest_first(os.listdir(site))
    (site / "versions.json").write_text(
        json.dumps([{"version": version, "title": version, "aliases": []} for version in versions]), encoding="utf-8")
    released = [version for version in versions if "-" not in version]
    leads_to = (released or versions)[0]
    redirect(site / "index.html", f"{leads_to}/")
    shutil.rmtree(site / "runbooks", ignore_errors=True)
    for page in sorted((site / leads_to / "runbooks").glob("*/index.html")):
        name = page.parent.name
        # A folder, so that every web server serves it as a page.
        redirect(site / "runbooks" / f"{name}.md" / "index.html", f"../../{leads_to}/runbooks/{name}/")


if __name__ == "__main__":
    write(sys.argv[1])
