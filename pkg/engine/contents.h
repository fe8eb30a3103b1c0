#pragma once

#include <compare>
#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/engine/filled_step.h"

namespace coreflow::engine {

// What a step is given of a ConfigMap or Secret of its namespace: one key, or all of it. That it may be absent stands
// in the spec, which is part of the step's key; so whether it is there is all that counts here.
struct Content {
  enum class Kind : uint8_t { kConfigMap, kSecret };

  Kind kind = Kind::kConfigMap;
  std::string name = {};  // a DNS subdomain
  std::string key = {};   // letters, digits, '-', '_' and '.'; empty: all keys

  auto operator<=>(const Content&) const = default;
};

// "Secret", "ConfigMap".
const char* KindName(Content::Kind kind);
// "Secret db", "key password of Secret db".
std::string Describe(const Content& content);
void PrintTo(const Content& content, std::ostream* out);

// What the variables and volumes of a step's containers read, each once and in order: of the step's own, of init
// containers and sidecars. kInvalid when one reads something else, whose content nobody knows, or names what can be no
// object; the message says which.
Result<std::vector<Content>> ContentsOf(const FilledStep& filled);

}  // namespace coreflow::engine
