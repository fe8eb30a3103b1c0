#pragma once

#include <string>

#include "pkg/base/result.h"

namespace coreflow::cli {

// Puts coreflow-courier and, beside it, coreflow-exec into a folder that is there: they are in this program, since
// users of one machine have no other. What is there is replaced as a whole; who runs it goes on. Gives the courier's
// path. Errors of the file system, as files::SystemError().
Result<std::string> PlaceCourier(const std::string& folder);

}  // namespace coreflow::cli
