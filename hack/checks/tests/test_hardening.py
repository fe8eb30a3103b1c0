import subprocess

import hardening
import pytest

FLAGS = ["-O2", "-fPIE", "-pie", "-D_FORTIFY_SOURCE=3", "-fstack-protector-strong", "-Wl,-z,relro", "-Wl,-z,now"]
PROGRAM = '#include <cstdio>\n#include <cstring>\nint main(int n, char** v) { char b[64]; strcpy(b, v[n - 1]); return puts(b); }\n'


def faults(tree, flags, name="p"):
    source, program = tree.write("p.cc", PROGRAM), f"{tree.root}/p"
    subprocess.run(["g++", source, "-o", program, *flags], check=True, capture_output=True)
    tree.declare([f"program {name} effects operator/p {program} -"])
    return [problem.split(": ", 1)[1] for problem in hardening.check(tree.build)]


def test_a_hardened_program_passes(tree):
    assert faults(tree, FLAGS) == []


@pytest.mark.parametrize("without, instead, want", [
    ("-pie", "-no-pie", "is not position independent (PIE)"),
    ("-Wl,-z,now", "-Wl,-z,lazy", "has no full RELRO"),
    ("-Wl,-z,relro", "-Wl,-z,norelro", "has no full RELRO"),
    ("-fstack-protector-strong", "-fno-stack-protector", "has no stack protector"),
    ("-D_FORTIFY_SOURCE=3", "-U_FORTIFY_SOURCE", "has no fortified call"),
    ("-O2", "-O2 -Wl,-z,execstack", "has an executable stack"),
    ("-O2", "-O2 -Wl,-rpath,/tmp", "has an RPATH"),
])
def test_each_missing_protection_is_reported(tree, without, instead, want):
    flags = [word for flag in FLAGS for word in (instead.split() if flag == without else [flag])]
    assert faults(tree, flags) == [want]


def test_one_program_may_look_for_libraries_beside_itself(tree):
    beside = [*FLAGS, "-Wl,-rpath,$ORIGIN/lib"]
    assert faults(tree, beside) == ["has an RPATH"]
    assert faults(tree, beside, "coreflow-embedded-courier") == []
    assert faults(tree, [*FLAGS, "-Wl,-rpath,/tmp"], "coreflow-embedded-courier") == ["has an RPATH"]


def static_faults(tree, flags):
    """Of a static program, whose names are stripped, made of one archive that was built with these flags."""
    source, built, archive, program = tree.write("p.cc", PROGRAM), f"{tree.root}/p.o", f"{tree.root}/libp.a", f"{tree.root}/p"
    subprocess.run(["g++", "-c", source, "-o", built, *flags], check=True, capture_output=True)
    subprocess.run(["ar", "rcs", archive, built], check=True, capture_output=True)
    subprocess.run(["g++", built, "-o", program, "-static-pie", "-s", "-Wl,-z,relro", "-Wl,-z,now"], check=True, capture_output=True)
    tree.declare([f"library p effects pkg/p {archive} -", f"program p effects operator/p {program} p"])
    return [problem.split(": ", 1)[1] for problem in hardening.check(tree.build)]


def test_of_a_static_program_the_archives_are_read(tree):
    assert static_faults(tree, FLAGS[:5]) == []
    assert static_faults(tree, ["-O2", "-fPIE", "-fno-stack-protector"]) == ["has no stack protector", "has no fortified call"]


def test_a_program_that_was_not_built_is_reported(tree):
    tree.declare(["program p effects operator/p /nowhere/p -"])
    assert "is it built?" in hardening.check(tree.build)[0]
