#include "pkg/compare/items.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "pkg/json/write.h"

namespace coreflow::compare {

namespace {

bool KnowsValues(const Step& step) {
  return std::ranges::all_of(step.items, [](const Item& item) { return item.value.has_value(); });
}

std::vector<std::string> KeysOf(const Step& step, bool by_value) {
  std::vector<std::string> keys;
  std::map<std::string, int> seen;
  for (const Item& item : step.items) {
    const std::string key = by_value     ? json::WriteCanonical(*item.value)
                            : item.index ? std::to_string(*item.index)
                                         : std::string();
    keys.push_back(fmt::format("{} {}", key, seen[key]++));
  }
  return keys;
}

}  // namespace

std::vector<ItemPair> PairItems(const Step& before, const Step& after) {
  const bool by_value = KnowsValues(before) && KnowsValues(after);
  const std::vector<std::string> old = KeysOf(before, by_value);
  const std::vector<std::string> now = KeysOf(after, by_value);
  std::map<std::string, const Item*> others;
  for (size_t i = 0; i < now.size(); ++i) others[now[i]] = &after.items[i];
  std::vector<ItemPair> pairs;
  for (size_t i = 0; i < old.size(); ++i) {
    const auto other = others.find(old[i]);
    pairs.push_back({.before = &before.items[i], .after = other == others.end() ? nullptr : other->second});
  }
  const std::set<std::string> known(old.begin(), old.end());
  for (size_t i = 0; i < now.size(); ++i) {
    if (!known.contains(now[i])) pairs.push_back({.after = &after.items[i]});
  }
  return pairs;
}

Place PlaceOf(const std::string& step, const ItemPair& pair) {
  const Item& item = pair.before ? *pair.before : *pair.after;
  if (item.value) return {.step = step, .item = *item.value};
  return {.step = step, .item = item.index ? json::Value(*item.index) : json::Value()};
}

std::optional<Duration> TimeTaken(const Step& step) {
  if (!step.ended) return std::nullopt;
  std::optional<Time> start;
  std::optional<Time> end;
  for (const Item& item : step.items) {
    if (item.taken || !item.start || !item.end) continue;
    start = std::min(start.value_or(*item.start), *item.start);
    end = std::max(end.value_or(*item.end), *item.end);
  }
  if (start) return std::max(*end - *start, Duration(0));
  const bool taken = std::ranges::any_of(step.items, &Item::taken);
  return taken ? std::optional(Duration(0)) : std::nullopt;
}

}  // namespace coreflow::compare
