#pragma once

#include <span>
#include <string_view>

namespace coreflow::cli {

// A file of the source tree that the program carries along; hack/embed.py makes the source.
struct EmbeddedFile {
  std::string_view name = {};  // without folders: "hello.yaml"
  std::string_view text = {};
};

// crds/*.yaml.
std::span<const EmbeddedFile> EmbeddedCrds();
// docs/examples/*.yaml.
std::span<const EmbeddedFile> EmbeddedExamples();

}  // namespace coreflow::cli
