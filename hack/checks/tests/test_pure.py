import os
import subprocess

import pure
import pytest

IMPURE = {
    "a clock": ("#include <chrono>", "return std::chrono::system_clock::now().time_since_epoch().count();"),
    "a steady clock": ("#include <chrono>", "return std::chrono::steady_clock::now().time_since_epoch().count();"),
    "time()": ("#include <ctime>", "return time(nullptr);"),
    "getenv": ("#include <cstdlib>", 'return getenv("HOME") != nullptr;'),
    "rand": ("#include <cstdlib>", "return rand();"),
    "random_device": ("#include <random>", "return std::random_device{}();"),
    "a file": ("#include <cstdio>", 'return fopen("/etc/passwd", "r") != nullptr;'),
    "a file stream": ("#include <fstream>", 'return std::ifstream("/etc/passwd").good();'),
    "a socket": ("#include <sys/socket.h>", "return socket(AF_INET, SOCK_STREAM, 0);"),
    "a thread": ("#include <thread>", "std::jthread t([] {}); return 0;"),
    "a lock": ("#include <mutex>", "static std::mutex m; std::lock_guard l(m); return 0;"),
    "cout": ("#include <iostream>", 'std::cout << "x"; return 0;'),
    "printf": ("#include <cstdio>", 'return printf("%d", 1);'),
    "write(2)": ("#include <unistd.h>", 'return write(2, "x", 1);'),
    "sleep": ("#include <unistd.h>", "return sleep(1);"),
}


def archive(tree, include, body, member="x"):
    """A PURE library `engine` of one function."""
    source = tree.write(f"pkg/engine/{member}.cc", f"{include}\nlong F() {{ {body} }}\n")
    built = os.path.join(tree.root, "lib.a")
    subprocess.run(["g++", "-std=c++20", "-O1", "-c", source, "-o", f"{tree.root}/{member}.cc.o"], check=True)
    subprocess.run(["ar", "rcs", built, f"{tree.root}/{member}.cc.o"], check=True)
    tree.declare([f"library engine pure pkg/engine {built} -"])


@pytest.mark.parametrize("what", IMPURE)
def test_a_call_of_the_outside_is_reported(tree, what):
    archive(tree, *IMPURE[what])
    problems = pure.check(tree.build)
    assert problems and problems[0].startswith("pkg/engine/x.cc: engine is PURE, but ")


def test_a_call_of_pure_things_is_not(tree):
    archive(tree, "#include <map>\n#include <string>\n#include <sstream>",
            'std::map<std::string, int> m{{"a", 1}}; std::ostringstream o; o << m["a"]; return o.str().size();')
    assert pure.check(tree.build) == []


def test_only_base_may_write_its_last_words(tree):
    archive(tree, "#include <unistd.h>", 'return write(2, "x", 1);', member="check")
    assert len(pure.check(tree.build)) == 1


def test_no_library_at_all_is_a_failure(tree):
    assert "is it built?" in pure.check(tree.build)[0]
