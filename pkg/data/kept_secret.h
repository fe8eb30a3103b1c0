#pragma once

#include <functional>
#include <string>

#include "pkg/base/result.h"
#include "pkg/store/store.h"

namespace coreflow::data {

// The entry of that name, which `make` makes when there is none. Of several at once, in one process or many, one wins
// and all get what it made. Errors of the store and of `make` are passed on.
Result<std::string> LoadOrMake(store::Store& store, const std::string& name,
                               const std::function<Result<std::string>()>& make);

}  // namespace coreflow::data
