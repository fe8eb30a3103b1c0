#include "pkg/cel/text_search.h"

#include <string.h>

#include <algorithm>
#include <string>

namespace coreflow::cel {

size_t FindText(std::string_view text, std::string_view needle, size_t from) {
  if (from > text.size() || needle.size() > text.size() - from) return std::string_view::npos;
  if (needle.empty()) return from;
  // std::string_view::find takes quadratic time for texts made to that end; memmem's two-way search does not.
  const void* found = memmem(text.data() + from, text.size() - from, needle.data(), needle.size());
  return found == nullptr ? std::string_view::npos : static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

size_t FindLastText(std::string_view text, std::string_view needle, size_t from) {
  if (needle.size() > text.size()) return std::string_view::npos;
  size_t end = std::min(from, text.size() - needle.size()) + needle.size();
  std::string reversed(text.rend() - static_cast<std::ptrdiff_t>(end), text.rend());
  std::string reversed_needle(needle.rbegin(), needle.rend());
  size_t found = FindText(reversed, reversed_needle);
  return found == std::string_view::npos ? found : end - found - needle.size();
}

}  // namespace coreflow::cel
