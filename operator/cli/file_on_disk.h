#pragma once

#include <memory>
#include <string>

#include "pkg/base/result.h"
#include "pkg/cli/new_file.h"

namespace coreflow::cli {

// A file of that name, which only its owner may read. kAlreadyExists when there is something of that name: nothing is
// ever replaced. Other errors as in pkg/files.
Result<std::unique_ptr<NewFile>> CreateFileOnDisk(const std::string& path);

}  // namespace coreflow::cli
