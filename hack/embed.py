#!/usr/bin/env python3
"""Writes a C++ source that holds files as text, for programs that carry them along (pkg/base/embedded_file.h).

usage: hack/embed.py [--json] OUT.cc HEADER NAMESPACE FUNCTION FILE…

OUT.cc includes HEADER and defines std::span<const EmbeddedFile> NAMESPACE::FUNCTION(). With --json, each FILE is YAML or
JSON, and stands there as JSON on one line, which a program reads faster.
"""
import argparse
import json
import os

import yaml

PIECE = 8000  # characters: compilers may refuse longer literals


def text_of(path, as_json):
    with open(path, encoding="utf-8") as file:
        if not as_json:
            return file.read()
        return json.dumps(json.load(file) if path.endswith(".json") else yaml.safe_load(file), separators=(",", ":"))


def literal(text):
    assert ')embedded"' not in text
    return "\n".join(f'R"embedded({text[at:at + PIECE]})embedded"' for at in range(0, len(text), PIECE)) or '""'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    for name in ("out", "header", "namespace", "function"):
        parser.add_argument(name)
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    lines = [f'#include "{arguments.header}"', "", f"namespace {arguments.namespace} {{", "", "namespace {", "",
             "constexpr EmbeddedFile kFiles[] = {"]
    for path in arguments.files:
        text = text_of(path, arguments.json)
        # With its size, since a constant expression may not count that far.
        size = len(text.encode())
        lines.append(f'    {{"{os.path.basename(path)}", {{{literal(text)}, {size}}}}},')
    lines += ["};", "", "}  // namespace", "", f"std::span<const EmbeddedFile> {arguments.function}() {{ return kFiles; }}",
              "", f"}}  // namespace {arguments.namespace}", ""]
    with open(arguments.out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main()
