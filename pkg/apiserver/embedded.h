#pragma once

#include <span>

#include "pkg/base/embedded_file.h"

namespace coreflow::apiserver {

// crds/*.yaml, each as JSON.
std::span<const EmbeddedFile> EmbeddedCrds();
// kubernetes_schemas.gen.json, which hack/gen_kubernetes_schemas.py makes: one file.
std::span<const EmbeddedFile> EmbeddedSchemas();

}  // namespace coreflow::apiserver
