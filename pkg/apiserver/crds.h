#pragma once

#include <string_view>
#include <vector>

namespace coreflow::apiserver {

// The CustomResourceDefinitions in crds/, each as JSON. Made by hack/embed_crds.py.
const std::vector<std::string_view>& CrdTexts();

}  // namespace coreflow::apiserver
