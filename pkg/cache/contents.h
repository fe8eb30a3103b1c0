#pragma once

#include <functional>
#include <string>

#include "pkg/base/result.h"
#include "pkg/engine/contents.h"

namespace coreflow::cache {

// What stands for the content of what is not there.
inline constexpr char kAbsent[] = "absent";

// What ConfigMaps and Secrets have, as digests that only who has a key can make. On one thread; nothing is called back
// before the call has returned, nor after this was destroyed.
class Contents {
 public:
  using Found = std::function<void(const Result<std::string>& digest)>;

  virtual ~Contents() = default;

  // As it is at some moment after the call; kAbsent when there is no such object, or no such key in it. An error says,
  // for whoever wrote the step, why it is not known; nothing of the content is in it.
  virtual void Find(const std::string& name_space, const engine::Content& content, Found found) = 0;
};

}  // namespace coreflow::cache
