#pragma once

#include <memory>
#include <string>

#include "pkg/base/result.h"
#include "pkg/cli/new_file.h"

namespace coreflow::cli {

// Environment::download_file: beside its place under a random name until it is finished. Only its owner may read it.
// Errors as in pkg/files.
Result<std::unique_ptr<NewFile>> DownloadFile(const std::string& path, bool replace);

}  // namespace coreflow::cli
