#pragma once

#include <string_view>

namespace coreflow::cel {

// The first place of `needle` at or after `from`, or npos. Linear in the length of the text, whatever the texts are.
size_t FindText(std::string_view text, std::string_view needle, size_t from = 0);

// The last place of `needle` that starts at or before `from`, or npos. Linear too.
size_t FindLastText(std::string_view text, std::string_view needle, size_t from = std::string_view::npos);

}  // namespace coreflow::cel
