#pragma once

#include <memory>
#include <string>

#include "pkg/base/result.h"
#include "pkg/cli/new_file.h"

namespace coreflow::cli {

// Environment::unpack_folder: beside its place under a random name until it is finished. Other errors as in pkg/files.
Result<std::unique_ptr<NewFile>> UnpackFolder(const std::string& path);

}  // namespace coreflow::cli
