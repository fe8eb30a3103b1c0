#pragma once

#include <string_view>

namespace coreflow {

// A file of the source tree that a program carries along (hack/embed.py).
struct EmbeddedFile {
  std::string_view name = {};  // without folders: "hello.yaml"
  std::string_view text = {};
};

}  // namespace coreflow
