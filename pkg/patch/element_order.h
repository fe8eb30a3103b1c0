#pragma once

#include <string>

#include "pkg/json/value.h"

namespace coreflow::patch {

// What tells an element of a list that is merged from the others: its merge key, or itself where there is none.
const json::Value& Identity(const json::Value& item, const std::string& merge_key);

// Where an element of that identity stands; npos when it is not there.
size_t IndexOf(const json::Array& list, const json::Value& identity, const std::string& merge_key);

// Puts a merged list into its order: what `wanted` has in the order of that, the others in the order of `before`, and
// the two between each other as `before` had them as far as it did.
json::Array InOrder(const json::Array& merged, const json::Array& wanted, const json::Array& before,
                    const std::string& merge_key);

}  // namespace coreflow::patch
