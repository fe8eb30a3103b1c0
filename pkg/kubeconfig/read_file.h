#pragma once

#include <string>

#include "pkg/base/result.h"

namespace coreflow::kubeconfig {

// The whole of a small file: kNotFound when there is none, kUnavailable when it can't be read, kInvalid over 1 MiB. The
// message names the path.
Result<std::string> ReadFile(const std::string& path);

}  // namespace coreflow::kubeconfig
