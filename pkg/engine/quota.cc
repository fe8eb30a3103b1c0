#include "pkg/engine/quota.h"

#include <map>
#include <optional>

#include "pkg/cel/quantity.h"

namespace coreflow::engine {

namespace {

using Amounts = std::map<std::string_view, cel::Quantity>;

// What stands behind the word, up to `end`; nullopt when one of them is not there.
std::optional<std::string_view> Between(std::string_view text, std::string_view word, std::string_view end) {
  const size_t at = text.find(word);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + word.size());
  const size_t stop = end.empty() ? text.size() : text.find(end);
  return stop == std::string_view::npos ? std::nullopt : std::optional(text.substr(0, stop));
}

// Of "pods=1,requests.cpu=8"; what is no amount is left out.
Amounts AmountsOf(std::string_view text) {
  Amounts amounts;
  while (!text.empty()) {
    const size_t comma = text.find(',');
    const std::string_view one = text.substr(0, comma);
    const size_t equals = one.find('=');
    if (equals != std::string_view::npos) {
      if (const auto amount = cel::Quantity::Parse(one.substr(equals + 1))) amounts[one.substr(0, equals)] = *amount;
    }
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return amounts;
}

}  // namespace

bool NeverFits(std::string_view refusal) {
  const auto quota = Between(refusal, "exceeded quota: ", "");
  if (!quota) return false;
  const auto requested = Between(*quota, ", requested: ", ", used: ");
  const auto limited = Between(*quota, ", limited: ", "");
  if (!requested || !limited) return false;
  const Amounts limits = AmountsOf(*limited);
  for (const auto& [resource, amount] : AmountsOf(*requested)) {
    const auto limit = limits.find(resource);
    if (limit != limits.end() && amount.Compare(limit->second) > 0) return true;
  }
  return false;
}

}  // namespace coreflow::engine
