#pragma once

#include <map>
#include <string>
#include <utility>

#include "pkg/base/loop.h"
#include "pkg/cache/entries.h"

namespace coreflow::cache {

// For tests: in memory; may be down, or keep silent.
class MemoryEntries : public Entries {
 public:
  explicit MemoryEntries(Loop& loop) : loop_(loop) {}
  void Get(const std::string& name, Got got) override {
    if (silent) return;
    const auto found = values.find(name);
    Result<std::string> answer = Error{.code = Code::kNotFound, .message = "there is none"};
    if (found != values.end()) answer = found->second;
    if (down) answer = Error{.code = Code::kUnavailable, .message = "the store is down"};
    loop_.Post([got = std::move(got), answer] { got(answer); });
  }
  void Put(const std::string& name, const std::string& value, Done done) override {
    if (silent) return;
    if (!down) values[name] = value;
    Result<void> answer;
    if (down) answer = Error{.code = Code::kUnavailable, .message = "the store is down"};
    loop_.Post([done = std::move(done), answer] { done(answer); });
  }

  std::map<std::string, std::string> values;
  bool down = false;
  bool silent = false;

 private:
  Loop& loop_;
};

}  // namespace coreflow::cache
