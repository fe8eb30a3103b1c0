#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coreflow::cel {

// Takes one code point off the front of `text` (RFC 3629: no surrogates, no over-long forms); nullopt, and nothing is
// taken, when the bytes there are not UTF-8. REQUIRES: text is not empty.
std::optional<char32_t> TakeCodePoint(std::string_view& text);

// Appends the UTF-8 of a code point. False, and nothing is appended, for what is no code point (surrogates, > 10FFFF).
bool AppendCodePoint(std::string& out, char32_t code_point);

bool IsUtf8(std::string_view text);

// The number of code points. REQUIRES: IsUtf8(text).
size_t CountCodePoints(std::string_view text);

// The byte offset of each code point, and text.size() at the end. REQUIRES: IsUtf8(text).
std::vector<uint32_t> CodePointOffsets(std::string_view text);

}  // namespace coreflow::cel
