// Whatever a command leaves as its outputs, or in place of its executor's message: what is taken is what was declared.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/artifact/executor_message.h"
#include "pkg/base/check.h"
#include "pkg/base/output_limits.h"
#include "pkg/engine/outputs.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace {

using coreflow::engine::ParsedOutputs;
using coreflow::graph::OutputDeclaration;
using enum coreflow::graph::ValueType;

constexpr int32_t kContainers = 3;

const std::vector<OutputDeclaration>& Declared() {
  static const std::vector<OutputDeclaration> declared = {
      {.name = "s", .type = kString},  {.name = "i", .type = kInteger}, {.name = "n", .type = kNumber},
      {.name = "b", .type = kBoolean}, {.name = "a", .type = kArray},   {.name = "o", .type = kObject}};
  return declared;
}

void CheckTaken(const ParsedOutputs& parsed) {
  if (parsed.reason != coreflow::api::Reason::kSucceeded) {
    CHECK(parsed.values.empty() && !parsed.message.empty(), "what is refused gives nothing, and says why");
    return;
  }
  CHECK(parsed.values.size() == Declared().size(), "all that is declared is there, and nothing else");
  for (const OutputDeclaration& output : Declared()) {
    const auto value = parsed.values.find(output.name);
    CHECK(value != parsed.values.end(), "it is there by its name");
    const auto same = coreflow::graph::Conform(value->second, output.type);
    CHECK(same && *same == value->second, "it is of its type");
  }
  // As a record keeps them, they are read as the same.
  const std::string written = coreflow::json::Write(parsed.values);
  const auto read = coreflow::json::Parse(written);
  CHECK(read && coreflow::json::Write(*read) == written, "they can be stored");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  CheckTaken(coreflow::engine::ParseOutputs(text, kContainers, Declared()));
  if (size <= coreflow::kMostOutputs) CheckTaken(coreflow::engine::ParseLargeOutputs(text, Declared()));
  if (const auto message = coreflow::artifact::ReadExecutorMessage(text)) {
    for (const auto& [name, stored] : message->artifacts) {
      CHECK(stored.digest.size() == 64 && stored.bytes >= 0, "an artifact has a digest and a size");
    }
    CheckTaken(coreflow::engine::ParseOutputs(message->outputs, kContainers, Declared()));
  }
  return 0;
}
