"""Which package each file is from, and which licences go with them."""
import os
import subprocess

import contents
import dpkg
import licences
import pytest
from made_up import LIBRARIES, write

COMPILED_IN = ["headers-dev"]


def test_each_library_is_of_the_package_that_has_it(machine, image):
    assert contents.sources(image, machine.root) == {
        f"{LIBRARIES}/libone.so.2": "libone2", f"{LIBRARIES}/libtwo++.so.1": "libtwo++1", "usr/bin/coreflow": "coreflow"}


def test_libraries_beside_a_program_are_the_machines(machine, tmp_path):
    folder = tmp_path / "folder"
    write(str(folder / "bin/coreflow"), "program")
    write(str(folder / "lib/coreflow/libone.so.2"), "libone2")
    assert contents.sources(folder, machine.root) == {"bin/coreflow": "coreflow", "lib/coreflow/libone.so.2": "libone2"}


def test_a_file_of_no_package_stops_it(machine, image):
    write(str(image / "usr/bin/sh"), "#!")
    with pytest.raises(SystemExit, match="usr/bin/sh: no package has /usr/bin/sh"):
        contents.sources(image, machine.root)


def test_a_library_that_was_changed_stops_it(machine, image):
    write(str(image / LIBRARIES / "libone.so.2"), "something else")
    with pytest.raises(SystemExit, match="libone.so.2: is not what is in"):
        contents.sources(image, machine.root)


def test_a_package_has_its_versions_and_those_of_its_source(machine):
    one = dpkg.package("libone2", machine.root)
    assert (one.version, one.source, one.source_version, one.architecture) == ("1:2.0-1+deb12u1", "one", "2.0-1", "amd64")
    two = dpkg.package("libtwo++1", machine.root)
    assert (two.source, two.source_version) == ("libtwo++1", "12~rc1-3")


def test_a_package_that_there_is_not_stops_it(machine):
    with pytest.raises(SystemExit, match="dpkg knows no package nothing"):
        dpkg.package("nothing", machine.root)


def test_licences_of_all_packages_and_ours_are_there(machine, image):
    licences.add(image, "usr/share/doc", machine.root, COMPILED_IN)
    assert sorted(os.listdir(image / "usr/share/doc")) == ["coreflow", "headers-dev", "libone2", "libtwo++1"]
    assert "Apache License" in (image / "usr/share/doc/coreflow/copyright").read_text()
    assert (image / "usr/share/doc/libtwo++1/copyright").read_text() == "Free for all.\n"
    # Of them, too, it is known where they are from.
    assert contents.sources(image, machine.root)["usr/share/doc/libone2/copyright"] == "libone2"


def asked(field, package):
    return subprocess.run(["dpkg-query", *field, package], capture_output=True, text=True, check=True).stdout


def build_set(root):
    """The packages that hack/install-deps.sh installs for building."""
    script = f"source <(sed -n '/^build=(/,/)$/p' {root}/hack/install-deps.sh) && printf '%s\\n' \"${{build[@]}}\""
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout.split()


def test_what_has_no_shared_library_is_listed_as_compiled_in(root):
    """Whoever adds a library of headers to the build adds it to COMPILED_IN."""
    libraries = [name for name in build_set(root) if name.endswith("-dev")]
    assert len(libraries) > 10
    for name in libraries:
        packages = [name, *asked(["--show", "--showformat", "${Depends}"], name).replace(",", " ").split()]
        assert ".so\n" in asked(["--listfiles"], name) or set(packages) & set(contents.COMPILED_IN), name
