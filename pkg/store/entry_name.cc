#include "pkg/store/entry_name.h"

#include <algorithm>
#include <string>

#include "pkg/store/store.h"

namespace coreflow::store {

namespace {

constexpr size_t kParts = 3;
constexpr size_t kMostOfPart = 128;

bool IsLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsPart(std::string_view part) {
  return !part.empty() && part.size() <= kMostOfPart && IsLetterOrDigit(part.front()) &&
         std::all_of(part.begin(), part.end(),
                     [](char c) { return IsLetterOrDigit(c) || c == '-' || c == '_' || c == '.'; });
}

// The first `count` parts are whole; gives what stands behind them, nullopt when one of them is wrong.
std::optional<std::string_view> AfterParts(std::string_view name, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    const size_t slash = name.find('/');
    if (slash == std::string_view::npos || !IsPart(name.substr(0, slash))) return std::nullopt;
    name.remove_prefix(slash + 1);
  }
  return name;
}

Error Wrong(const char* what) {
  return {.code = Code::kInvalid,
          .message = std::string(what) +
                     " NAMESPACE/KIND/KEY, each of 1 to 128 characters out of a-z, 0-9, '-', '_' and '.', the first a "
                     "letter or digit"};
}

}  // namespace

Result<void> CheckEntryName(std::string_view name) {
  const auto key = AfterParts(name, kParts - 1);
  if (!key || !IsPart(*key)) return Wrong("the name of an entry is");
  return {};
}

Result<void> CheckEntryPrefix(std::string_view prefix) {
  const auto slashes = static_cast<size_t>(std::count(prefix.begin(), prefix.end(), '/'));
  const auto rest = slashes < kParts ? AfterParts(prefix, slashes) : std::nullopt;
  if (!rest || (!rest->empty() && !IsPart(*rest))) return Wrong("the names of entries begin as");
  return {};
}

Result<void> CheckEntryValue(std::string_view name, std::string_view value) {
  if (value.size() <= kMostEntryBytes) return {};
  return Error{.code = Code::kInvalid,
               .message = "entry " + std::string(name) + " has " + std::to_string(value.size()) +
                          " bytes; an entry has at most " + std::to_string(kMostEntryBytes)};
}

Result<void> CheckPageLimit(size_t limit) {
  if (limit >= 1 && limit <= kMostEntriesOfPage) return {};
  return Error{.code = Code::kInvalid, .message = "a page has 1 to 1000 entries, not " + std::to_string(limit)};
}

}  // namespace coreflow::store
