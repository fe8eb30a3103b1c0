"""The site as `make docs` builds it, once for all tests, and a small one to break."""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "hack/site"), str(ROOT / "hack/checks")]


def built(root, site, **env):
    return subprocess.run([root / "hack/site/build", site], capture_output=True, text=True, check=False, env=os.environ | env)


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def version():
    return (ROOT / "VERSION").read_text(encoding="utf-8").strip()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The folder that is served as https://coreflow.dev/docs/."""
    folder = tmp_path_factory.mktemp("built") / "site"
    done = built(ROOT, folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


class Project:
    """Three pages and a guide, with this project's way of building them."""

    def __init__(self, root):
        self.root = root
        self.write("VERSION", "1.2.3\n")
        self.write("README.md", "# Home\n\n[Guide](docs/guide.md)\n")
        self.write("CONTRIBUTING.md", "# How\n")
        self.write("CHANGELOG.md", "# What\n")
        self.write("docs/guide.md", "# Guide\n\n## Two words\n")
        shutil.copytree(ROOT / "hack/site", root / "hack/site", ignore=shutil.ignore_patterns("tests"))
        config = (ROOT / "hack/site/mkdocs.yml").read_text(encoding="utf-8")
        nav = "nav: [index.md, contributing.md, changelog.md, 'guid*.md', {Tasks: ['tasks/*.md']}]\n"
        self.write("hack/site/mkdocs.yml", re.sub(r"^nav:.*?^$", nav, config, flags=re.M | re.S))

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, encoding="utf-8")

    def build(self, **env):
        return built(self.root, self.root / "site", **env)

    def page(self, path):
        return (self.root / "site/1.2.3" / path / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)
