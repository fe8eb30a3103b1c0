#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"

namespace coreflow::cel::conformance {

// A message of protobuf's text format: as much of that format as the specification's test data uses.
struct Message {
  struct Entry;
  std::vector<Entry> entries{};

  // The first entry of that name, or nullptr.
  const Entry* Find(std::string_view name) const;
  // All messages of that name.
  std::vector<const Message*> All(std::string_view name) const;
  // The text of the first entry of that name; empty when there is none.
  std::string Text(std::string_view name) const;
};

// name: "text", name: 3, or name { … } (then `message` is set).
struct Message::Entry {
  std::string name{};  // with brackets for the type of an Any
  std::string text{};
  std::shared_ptr<const Message> message{};
};

Result<Message> ParseTextproto(std::string_view text);

}  // namespace coreflow::cel::conformance
