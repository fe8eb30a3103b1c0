#!/usr/bin/env python3
"""Writes CRDs into a C++ source, as JSON, so that the embedded API server has them.

usage: hack/embed_crds.py OUT.cc CRD.yaml…
"""
import json
import sys

import yaml

# Compilers may refuse longer literals.
PIECE = 8000


def literal(text):
    return "\n".join(f'    R"json({text[at:at + PIECE]})json"' for at in range(0, len(text), PIECE))


def main():
    out, paths = sys.argv[1], sys.argv[2:]
    lines = ['#include "pkg/apiserver/crds.h"', "", "namespace coreflow::apiserver {", "",
             "const std::vector<std::string_view>& CrdTexts() {", "  static const std::vector<std::string_view> kTexts = {"]
    for path in paths:
        with open(path, encoding="utf-8") as file:
            lines.append(literal(json.dumps(yaml.safe_load(file), separators=(",", ":"))) + ",")
    lines += ["  };", "  return kTexts;", "}", "", "}  // namespace coreflow::apiserver", ""]
    with open(out, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main()
