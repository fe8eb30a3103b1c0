#pragma once

#include <string>
#include <string_view>

#include "pkg/json/value.h"
#include "pkg/redaction/kept_fields.h"
#include "pkg/redaction/known_values.h"

namespace coreflow::redaction {

// Shows objects of a cluster and texts from it without what people gave it in confidence. What it leaves out of an
// object that users make, and of anybody's environment, it takes out of every text that it shows from then on: objects
// come first, those that hold the most values before the others, and logs last. Not thread-safe.
class Redactor {
 public:
  // The object with each value that is not kept replaced by a note of its length, "[left out: 23 bytes]". Objects may
  // come from anybody.
  json::Value Show(Subject subject, const json::Value& object);

  // A text such as a message or lines of a log.
  std::string Show(std::string_view text) const;

  // There were too many values: of some that were left out texts may speak.
  bool overwhelmed() const { return known_.full(); }

 private:
  json::Value ShowValue(const json::Value& value, Keep keep, std::string_view name) const;

  KnownValues known_;
};

}  // namespace coreflow::redaction
