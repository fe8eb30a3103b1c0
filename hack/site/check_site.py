#!/usr/bin/env python3
"""Links of a built site lead to a page that is there and to a heading in it, and nothing comes from another host.

usage: check_site.py SITE
"""
import os
import re
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

# What a browser only follows when somebody clicks, or not at all.
NOT_LOADED = {"canonical", "alternate", "prev", "next", "edit", "author", "license"}
# The theme asks other hosts for these: a repository's stars, a drawing program.
ASKS_OTHERS = {"data-md-component": "source", "class": "mermaid"}
CSS_LOADS = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""")


@dataclass
class Page(HTMLParser):
    """What one page has and what it asks for."""

    ids: set = field(default_factory=set)
    links: list = field(default_factory=list)
    loads: list = field(default_factory=list)

    def __post_init__(self):
        super().__init__()

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        self.ids |= {attrs[name] for name in ("id", "name") if attrs.get(name)}
        relation = set(attrs.get("rel", "").split())
        if tag == "a" or (tag == "link" and relation & NOT_LOADED):
            self.links.append(attrs.get("href", ""))
        else:
            self.loads += [attrs[name] for name in ("src", "href", "data", "poster") if name in attrs]
            self.loads += [part.split()[0] for part in attrs.get("srcset", "").split(",") if part.strip()]
        self.loads += CSS_LOADS.findall(attrs.get("style", ""))
        self.loads += [f"//the-theme ({name}={value})" for name, value in ASKS_OTHERS.items()
                       if value in attrs.get(name, "").split()]

    def handle_data(self, data):
        if self.lasttag == "style":
            self.loads += CSS_LOADS.findall(data)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def pages_and_styles(site):
    pages, styles = {}, {}
    for folder, _, names in os.walk(site):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), site)
            if name.endswith(".html"):
                pages[path] = Page()
                pages[path].feed(read(os.path.join(site, path)))
            elif name.endswith(".css"):
                styles[path] = read(os.path.join(site, path))
    return pages, styles


def problem_of(site, pages, path, link):
    """What is wrong with a link within the site, or None."""
    target = unquote(urlsplit(link).path)
    if target.startswith("/"):
        # The page for addresses that lead nowhere is shown at any of them, so it can't say where things are from there.
        return None if os.path.basename(path) == "404.html" else "is right only at the root of a host"
    file = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
    if os.path.isdir(os.path.join(site, file)):
        file = os.path.normpath(os.path.join(file, "index.html"))
    if not os.path.isfile(os.path.join(site, file)):
        return "leads nowhere"
    anchor = unquote(urlsplit(link).fragment)
    if anchor and file in pages and anchor not in pages[file].ids:
        return f"{file} has no #{anchor}"
    return None


def check(site):
    pages, styles = pages_and_styles(site)
    problems = [] if pages else [f"{site} has no pages"]
    for path, page in sorted(pages.items()):
        for link in page.links + page.loads:
            address = urlsplit(link)
            if address.netloc or address.scheme:
                if link in page.loads and address.scheme != "data":
                    problems.append(f"{path}: {link} is loaded from another host")
            elif problem := problem_of(site, pages, path, link):
                problems.append(f"{path}: {link}: {problem}")
    for path, text in sorted(styles.items()):
        problems += [f"{path}: {url} is loaded from another host" for url in CSS_LOADS.findall(text)]
    return problems


if __name__ == "__main__":
    found = check(sys.argv[1])
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(1 if found else 0)
