#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

namespace coreflow::cache {

// Of those who want the same at the same time, one gets it and the others wait. Both are names; a name stands for one
// wish at a time. Pure.
class Flights {
 public:
  // True: nobody else has the key, and now `name` has it. False: it waits. REQUIRES: it neither has nor wants anything.
  bool Join(const std::string& key, const std::string& name);
  // It has the key, whoever else does: something that began before is known now. Leaves what it had or wanted before,
  // and gives what Leave() gives.
  std::vector<std::string> Take(const std::string& key, const std::string& name);
  // It neither has nor wants anything any more. Gives those who waited for what it had, if nobody has that any more:
  // they wait no longer, and may join again.
  std::vector<std::string> Leave(const std::string& name);

  bool Has(const std::string& name) const;
  size_t size() const { return keys_.size(); }

 private:
  struct Flight {
    std::set<std::string> have = {};
    std::vector<std::string> wait = {};  // in the order in which they came
  };
  std::map<std::string, Flight> flights_;    // by key
  std::map<std::string, std::string> keys_;  // by name
};

}  // namespace coreflow::cache
