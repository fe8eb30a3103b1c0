#!/usr/bin/env python3
"""Writes a C++ source that holds files as text, for programs that need them without a disk.

usage: embed.py OUT HEADER FUNCTION FILE...   (OUT includes HEADER and defines coreflow::cli::FUNCTION)
"""
import os
import sys


def literal(text):
    """The text as raw strings: a compiler takes 64 KiB of one at least."""
    pieces = [text[at:at + 16000] for at in range(0, len(text), 16000)]
    assert ")embedded\"" not in text
    return "\n".join(f'R"embedded({piece})embedded"' for piece in pieces) or '""'


def main(out, header, function, *files):
    lines = [f'#include "{header}"', "", "namespace coreflow::cli {", "", "namespace {", "",
             "constexpr EmbeddedFile kFiles[] = {"]
    for path in files:
        with open(path, encoding="utf-8") as file:
            lines.append(f'    {{"{os.path.basename(path)}", {literal(file.read())}}},')
    lines += ["};", "", "}  // namespace", "",
              f"std::span<const EmbeddedFile> {function}() {{ return kFiles; }}", "", "}  // namespace coreflow::cli", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main(*sys.argv[1:])
