#include "pkg/cache/sweep.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "pkg/artifact/blob_entry.h"
#include "pkg/json/parse.h"

namespace coreflow::cache {

namespace {

constexpr uint64_t kBlock = 4096;

// What is kept for a time only; the store has more, such as keys.
bool IsSwept(std::string_view name) {
  const size_t slash = name.find('/');
  const std::string_view rest = name.substr(slash == std::string_view::npos ? name.size() : slash);
  return std::ranges::any_of(
      std::array<std::string_view, 4>{"/results/", "/nearest/", "/images/", artifact::kBlobEntries},
      [&](std::string_view kind) { return rest.starts_with(kind); });
}

// What is not read as one of ours is as old as can be.
Time WrittenAt(const std::string& text) {
  const auto value = json::Parse(text);
  if (!value) return {};
  const std::string when = (*value)["kept"].StringOr((*value)["seen"].StringOr((*value)["at"].StringOr("")));
  return ParseTime(when).value_or(Time{});
}

}  // namespace

std::vector<std::string> PlanSweep(std::vector<SweptValue> values, Time now, const SweepLimits& limits) {
  std::ranges::sort(values, {}, [](const SweptValue& value) { return std::pair(value.written, value.name); });
  uint64_t total = 0;
  for (const SweptValue& value : values) total += value.bytes;
  const uint64_t wanted = total > limits.max_bytes ? limits.max_bytes / 10 * 9 : limits.max_bytes;
  std::vector<std::string> names;
  for (const SweptValue& value : values) {
    if (now - value.written <= limits.max_age && total <= wanted) break;
    total -= value.bytes;
    names.push_back(value.name);
  }
  return names;
}

Result<int64_t> Sweep(store::Store& store, Time now, const SweepLimits& limits, const std::stop_token& stop) {
  std::vector<SweptValue> values;
  std::string page;
  do {
    TRY(store::EntryPage listed, store.ListEntries("", store::kMostEntriesOfPage, page));
    for (std::string& name : listed.names) {
      if (stop.stop_requested()) return int64_t{0};
      if (!IsSwept(name)) continue;
      const auto text = store.GetEntry(name);
      if (!text) continue;
      const uint64_t bytes = (text->size() + kBlock - 1) / kBlock * kBlock;
      values.push_back({.name = std::move(name), .written = WrittenAt(*text), .bytes = std::max(kBlock, bytes)});
    }
    page = std::move(listed.next);
  } while (!page.empty());
  int64_t deleted = 0;
  for (const std::string& name : PlanSweep(std::move(values), now, limits)) {
    if (stop.stop_requested()) break;
    TRY_VOID(store.DeleteEntry(name));
    ++deleted;
  }
  return deleted;
}

}  // namespace coreflow::cache
