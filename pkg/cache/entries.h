#pragma once

#include <functional>
#include <string>

#include "pkg/base/result.h"

namespace coreflow::cache {

// Small values by names as store::CheckEntryName wants them. On one thread; nothing is called back before the call has
// returned, nor after this was destroyed.
class Entries {
 public:
  using Got = std::function<void(const Result<std::string>& value)>;
  using Done = std::function<void(const Result<void>& done)>;

  virtual ~Entries() = default;

  // kNotFound when there is none.
  virtual void Get(const std::string& name, Got got) = 0;
  // Replaces what was there.
  virtual void Put(const std::string& name, const std::string& value, Done done) = 0;
};

}  // namespace coreflow::cache
