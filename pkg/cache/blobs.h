#pragma once

#include <functional>
#include <string>

#include "pkg/base/result.h"

namespace coreflow::cache {

// Small blobs of the artifact store, for an engine. On one thread; nothing is called back before the call has returned,
// nor after this was destroyed.
class Blobs {
 public:
  using Got = std::function<void(const Result<std::string>& text)>;

  virtual ~Blobs() = default;

  // The blob of that digest (64 hexadecimal digits), which is what it names. kNotFound when there is none, or this
  // namespace may not have it; kInvalid when it has more than 1 MiB; kGone when it is damaged; kUnavailable when the
  // store can't be reached for now.
  virtual void GetBlob(const std::string& name_space, const std::string& digest, Got got) = 0;
};

}  // namespace coreflow::cache
