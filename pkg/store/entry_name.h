#pragma once

#include <string_view>

#include "pkg/base/result.h"

namespace coreflow::store {

// An entry's name is NAMESPACE/KIND/KEY, each 1 to 128 characters out of a-z, 0-9, '-', '_' and '.', the first a letter
// or digit: safe as the path of a file on any file system. kInvalid for anything else.
Result<void> CheckEntryName(std::string_view name);

// What a name may begin with: also the beginning of a part, or nothing.
Result<void> CheckEntryPrefix(std::string_view prefix);

// kInvalid for more than kMostEntryBytes.
Result<void> CheckEntryValue(std::string_view name, std::string_view value);

// kInvalid for anything but 1 to 1,000.
Result<void> CheckPageLimit(size_t limit);

}  // namespace coreflow::store
