"""A program that stands with its libraries in a folder: made of a small one that uses a library of a library."""
import os
import subprocess

import pytest

SOURCE = '#include <stdio.h>\n#include <zlib.h>\nint main(void) { printf("zlib %s\\n", zlibVersion()); return 0; }\n'


@pytest.fixture
def folder(root, tmp_path):
    (tmp_path / "made.c").write_text(SOURCE)
    subprocess.run(["gcc", "-g", "made.c", "-o", "made", "-Wl,--no-as-needed", "-lz", "-lyaml-cpp"], cwd=tmp_path, check=True)
    subprocess.run([f"{root}/hack/release/program", tmp_path / "first", tmp_path / "made"], check=True)
    return (tmp_path / "first").rename(tmp_path / "elsewhere")


def readelf(*arguments):
    return subprocess.run(["readelf", "--wide", *arguments], capture_output=True, text=True, check=True).stdout


def loaded(program):
    """Name -> path of what it loads."""
    said = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return {words[0]: os.path.normpath(words[2]) for words in map(str.split, said.splitlines()) if "=>" in words}


def test_it_runs_wherever_the_folder_stands(folder):
    assert subprocess.run([folder / "bin/made"], capture_output=True, text=True, check=True).stdout.startswith("zlib 1.")


def test_it_finds_its_libraries_and_theirs_but_glibc_beside_it(folder):
    found = loaded(folder / "bin/made")
    beside = {name for name, path in found.items() if path == str(folder / "lib/coreflow" / name)}
    assert beside == {"libz.so.1", "libyaml-cpp.so.0.7", "libstdc++.so.6", "libgcc_s.so.1"}
    assert beside == set(os.listdir(folder / "lib/coreflow"))
    assert set(found) - beside == {"libc.so.6", "libm.so.6"}


def test_it_finds_them_through_a_link(folder, tmp_path):
    os.symlink(folder / "bin/made", tmp_path / "link")
    library = folder / "lib/coreflow/libyaml-cpp.so.0.7"
    library.write_text("no library: whoever loads it fails")
    done = subprocess.run([tmp_path / "link"], capture_output=True, text=True, check=False)
    assert done.returncode != 0 and library.name in done.stderr and str(folder) in done.stderr


def test_it_has_no_debug_information(folder):
    sections = readelf("--sections", folder / "bin/made")
    assert ".text" in sections and ".debug_info" not in sections


def test_the_readme_says_the_newest_glibc_that_a_file_asks_for(folder):
    said = (folder / "README").read_text().splitlines()[0]
    files = [folder / "bin/made", *(folder / "lib/coreflow").iterdir()]
    asked = readelf("--version-info", *files)
    version = said.split("glibc ")[1].split()[0]
    newest = max(tuple(map(int, word[6:].split("."))) for word in asked.split() if word.startswith("GLIBC_2"))
    assert tuple(map(int, version.split("."))) == newest
