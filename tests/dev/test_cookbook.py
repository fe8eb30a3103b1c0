"""The cookbook shows what is in the manifests, and what the commands print."""
import glob
import os
import re
import subprocess

import pytest
from control_plane import environment
from harness import paths
from transcript import RULES

FOLDER = os.path.join(paths.ROOT, "docs/cookbook")
PAGES = sorted(os.path.basename(path) for path in glob.glob(f"{FOLDER}/*.md") if not path.endswith("README.md"))
CONSOLE = re.compile(r"(?<=```console\n)\$ .*?(?=```)", re.DOTALL)
MANIFEST = re.compile(r"```yaml\n(.*?)```", re.DOTALL)


def read(page):
    with open(os.path.join(FOLDER, page), encoding="utf-8") as file:
        return file.read()


def masked(text):
    """What differs from run to run, and how wide columns are, is left out."""
    for pattern, by in [(r"v1:[0-9a-f]{12}", "v1:<key>"), (r"\b\d+ s\b", "<n> s"), (r"(?<=-0-)[a-z0-9]{10}\b", "<pod>"), *RULES]:
        text = re.sub(pattern, by, text)
    return text


@pytest.fixture
def shell(plane, ns, tmp_path):
    """Runs a command as who reads the page would, in this test's namespace; what it prints."""
    for name, program in (("coreflow", paths.COREFLOW), ("kubectl", plane.kubectl.program)):
        os.symlink(program, tmp_path / name)
    config = tmp_path / "kubeconfig"
    with open(plane.kubectl.kubeconfig, encoding="utf-8") as file:
        config.write_text(file.read())
    variables = environment(tmp_path, KUBECONFIG=str(config))
    variables["PATH"] = f"{tmp_path}:{variables['PATH']}"
    subprocess.run([plane.kubectl.program, "config", "set-context", "--current", f"--namespace={ns.name}"], env=variables, check=True,
                   capture_output=True)

    def run(command):
        done = subprocess.run(["bash", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=120, check=False, cwd=paths.ROOT, env=variables)
        printed = done.stdout.replace(ns.name, "default")
        return f"$ {command}\n{printed}".rstrip("\n") + "\n"
    return run


@pytest.mark.parametrize("page", PAGES)
def test_prints_what_it_shows(shell, page):
    """One after another, as they stand there. COREFLOW_UPDATE=1 writes anew what they print."""
    shown = read(page)
    printed = CONSOLE.sub(lambda block: "".join(map(shell, re.findall(r"^\$ (.*)$", block[0], re.MULTILINE))), shown)
    if os.environ.get("COREFLOW_UPDATE") and masked(printed) != masked(shown):
        with open(os.path.join(FOLDER, page), "w", encoding="utf-8") as file:
            file.write(printed)
        return
    assert masked(printed) == masked(shown)


@pytest.mark.parametrize("page", PAGES)
def test_shows_lines_of_its_manifests(page):
    manifests = ""
    for file in re.findall(r"\]\(\.\./examples/([a-z-]+\.yaml)\)", read(page)):
        with open(os.path.join(paths.EXAMPLES, file), encoding="utf-8") as manifest:
            manifests += manifest.read()
    for lines in MANIFEST.findall(read(page)):
        assert lines in manifests


def test_the_list_has_every_page():
    assert sorted(re.findall(r"\]\(([a-z-]+\.md)\)", read("README.md"))) == PAGES
