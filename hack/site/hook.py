"""What the generator is told while it builds: which pages there are, where they stand, and where their links lead."""
import logging
import os
import sys

from mkdocs.structure.files import File

sys.path.insert(0, os.path.dirname(__file__))

import navigation  # noqa: E402
import source_links  # noqa: E402

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))
# Pages that stand outside of docs/, by their names on the site.
FROM_THE_ROOT = {"index.md": "README.md", "contributing.md": "CONTRIBUTING.md", "changelog.md": "CHANGELOG.md"}
# Below this name a warning fails a strict build.
log = logging.getLogger("mkdocs.hooks.coreflow")
links = None  # set anew by each build


def source_of(file):
    """Its path in the repository."""
    return os.path.relpath(file.abs_src_path, ROOT).replace(os.sep, "/")


def text_of(files):
    def read(page):
        with open(files.get_file_from_path(page).abs_src_path, encoding="utf-8") as file:
            return file.read()
    return read


def on_config(config):
    with open(os.path.join(ROOT, "VERSION"), encoding="utf-8") as file:
        config["site_url"] += file.read().strip() + "/"
    return config


def on_files(files, config):
    global links
    for name, source in FROM_THE_ROOT.items():
        file = File(name, ROOT, config["site_dir"], config["use_directory_urls"])
        file.abs_src_path = os.path.join(ROOT, source)
        files.append(file)
    sources = {source_of(file): file.src_uri for file in files if not source_of(file).startswith("..")}
    links = source_links.Links(ROOT, sources, config["extra"]["repository"] or "")
    pages = [file.src_uri for file in files.documentation_pages()]
    config["nav"] = navigation.expanded(config["nav"], pages, text_of(files))
    for page in navigation.forgotten(config["nav"], pages):
        log.warning("%s is in no section of hack/site/mkdocs.yml", page)
    return files


def on_page_markdown(markdown, page, **_):
    return source_links.with_lists(links.rewritten(source_of(page.file), markdown))
