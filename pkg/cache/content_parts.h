#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cache/contents.h"

namespace coreflow::cache {

// What contents add to the key of a step: by name, such as "content of key password of Secret db", a digest.
using Parts = std::map<std::string, std::string>;
using FoundParts = std::function<void(const Result<Parts>& parts)>;

// Asks for all of them at the same time, and calls `found` once: with the first error, if there is one. At once when
// there is nothing to ask for, or nobody to ask (`contents` is null), which is kForbidden; else when `contents` calls.
void FindParts(Contents* contents, const std::string& name_space, const std::vector<engine::Content>& wanted,
               FoundParts found);

}  // namespace coreflow::cache
