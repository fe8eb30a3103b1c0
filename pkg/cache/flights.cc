#include "pkg/cache/flights.h"

#include <utility>

#include "pkg/base/check.h"

namespace coreflow::cache {

bool Flights::Join(const std::string& key, const std::string& name) {
  CHECK(!keys_.contains(name), "a name stands for one wish at a time");
  keys_[name] = key;
  Flight& flight = flights_[key];
  if (flight.have.empty()) {
    flight.have.insert(name);
    return true;
  }
  flight.wait.push_back(name);
  return false;
}

std::vector<std::string> Flights::Take(const std::string& key, const std::string& name) {
  const auto at = keys_.find(name);
  if (at != keys_.end() && at->second == key && Has(name)) return {};
  std::vector<std::string> free = Leave(name);
  keys_[name] = key;
  flights_[key].have.insert(name);
  return free;
}

std::vector<std::string> Flights::Leave(const std::string& name) {
  const auto at = keys_.find(name);
  if (at == keys_.end()) return {};
  const auto flight = flights_.find(at->second);
  keys_.erase(at);
  std::erase(flight->second.wait, name);
  flight->second.have.erase(name);
  if (!flight->second.have.empty()) return {};
  std::vector<std::string> free = std::move(flight->second.wait);
  flights_.erase(flight);
  for (const std::string& one : free) keys_.erase(one);
  return free;
}

bool Flights::Has(const std::string& name) const {
  const auto at = keys_.find(name);
  return at != keys_.end() && flights_.at(at->second).have.contains(name);
}

}  // namespace coreflow::cache
