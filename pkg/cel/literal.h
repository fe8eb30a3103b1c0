#pragma once

#include <string>
#include <string_view>

#include "pkg/base/result.h"

namespace coreflow::cel {

// The content of a string or bytes literal between its quotes, with its escapes resolved. In bytes \x and octal
// escapes are bytes and \u is refused; in strings they are code points. kInvalid says what is wrong with an escape.
Result<std::string> Unescape(std::string_view content, bool bytes);

}  // namespace coreflow::cel
