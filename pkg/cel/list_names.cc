#include "pkg/cel/list_names.h"

#include <algorithm>

namespace coreflow::cel {

std::string ListNames(const std::vector<std::string_view>& names) {
  constexpr size_t kMost = 10;
  std::string out;
  for (size_t i = 0; i < std::min(names.size(), kMost); ++i) out += (i > 0 ? ", " : "") + std::string(names[i]);
  return names.size() > kMost ? out + ", …" : out;
}

}  // namespace coreflow::cel
