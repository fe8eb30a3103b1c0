#pragma once

#include <optional>
#include <string_view>

#include "pkg/base/time.h"

namespace coreflow::store {

// The form that servers have to send (RFC 9110 §5.6.7, IMF-fixdate): "Sun, 06 Nov 1994 08:49:37 GMT". nullopt for
// anything else; the day of the week is not looked at.
std::optional<Time> ParseHttpDate(std::string_view text);

}  // namespace coreflow::store
