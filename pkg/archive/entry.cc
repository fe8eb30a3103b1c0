#include "pkg/archive/entry.h"

#include <algorithm>
#include <vector>

#include "pkg/base/hex.h"

namespace coreflow::archive {

namespace {

constexpr size_t kMostParts = 128;
constexpr size_t kLongestPart = 255;
constexpr size_t kLongestName = 4095;

Error Wrong(const std::string& what) { return {.code = Code::kInvalid, .message = what}; }

std::vector<std::string_view> Parts(std::string_view name) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t slash = name.find('/');
    parts.push_back(name.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    name.remove_prefix(slash + 1);
  }
}

}  // namespace

Result<void> CheckName(std::string_view name) {
  if (name.empty()) return Wrong("an entry has no name");
  if (name.size() > kLongestName) return Wrong(Show(name) + ": the name has more than 4095 bytes");
  if (name.find('\0') != std::string_view::npos) return Wrong(Show(name) + ": the name has a zero byte");
  if (name.front() == '/') return Wrong(Show(name) + ": the name is absolute");
  const auto parts = Parts(name);
  if (parts.size() > kMostParts) return Wrong(Show(name) + ": more than 128 folders deep");
  for (const std::string_view part : parts) {
    if (part.empty() || part == ".") return Wrong(Show(name) + ": the name has an empty part, or '.'");
    if (part == "..") return Wrong(Show(name) + ": the name has '..'");
    if (part.size() > kLongestPart) return Wrong(Show(name) + ": a part of the name has more than 255 bytes");
  }
  return {};
}

Result<void> CheckTarget(std::string_view name, std::string_view target) {
  if (target.empty() || target.size() > kLongestName || target.find('\0') != std::string_view::npos) {
    return Wrong(Show(name) + ": the link leads nowhere");
  }
  if (target.front() == '/') return Wrong(Show(name) + ": the link leads to an absolute path, " + Show(target));
  size_t up = 0;
  bool down = false;
  for (const std::string_view part : Parts(target)) {
    if (part != "..") {
      down = down || (!part.empty() && part != ".");
    } else if (down) {
      return Wrong(Show(name) + ": the link to " + Show(target) + " has '..' behind a name");
    } else {
      ++up;
    }
  }
  if (up > static_cast<size_t>(std::count(name.begin(), name.end(), '/'))) {
    return Wrong(Show(name) + ": the link leads out of the folder, to " + Show(target));
  }
  return {};
}

std::string Show(std::string_view name) {
  constexpr size_t kLongestShown = 200;
  std::string shown = "'";
  for (const char c : name.substr(0, kLongestShown)) {
    if (c >= ' ' && c <= '~' && c != '\'' && c != '\\') {
      shown += c;
    } else {
      shown += "\\x" + ToHex(std::string_view(&c, 1));
    }
  }
  return shown + (name.size() > kLongestShown ? "…'" : "'");
}

}  // namespace coreflow::archive
