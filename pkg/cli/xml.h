#pragma once

#include <string>
#include <string_view>

namespace coreflow::cli {

// Text as it may stand in XML, in an attribute too: line ends are kept, and what XML can't have (control characters) is
// shown as U+FFFD.
std::string EscapeXml(std::string_view text);

}  // namespace coreflow::cli
