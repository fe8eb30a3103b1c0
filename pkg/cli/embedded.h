#pragma once

#include <span>

#include "pkg/base/embedded_file.h"

namespace coreflow::cli {

// crds/*.yaml.
std::span<const EmbeddedFile> EmbeddedCrds();
// docs/examples/*.yaml.
std::span<const EmbeddedFile> EmbeddedExamples();

}  // namespace coreflow::cli
