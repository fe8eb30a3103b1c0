#!/usr/bin/env python3
"""Writes a JSON file into a C++ source, as the function that HEADER declares: std::string_view NAMESPACE::FUNCTION().

usage: hack/embed_json.py OUT.cc HEADER NAMESPACE FUNCTION IN.json
"""
import json
import sys

# Compilers may refuse longer literals.
PIECE = 8000


def main():
    out, header, namespace, function, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        text = json.dumps(json.load(file), separators=(",", ":"))
    pieces = [f'      R"json({text[at:at + PIECE]})json"' for at in range(0, len(text), PIECE)]
    lines = [f'#include "{header}"', "", f"namespace {namespace} {{", "", f"std::string_view {function}() {{",
             "  return", *pieces, "      ;", "}", "", f"}}  // namespace {namespace}", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main()
