#include "pkg/artifact/executor_message.h"

#include <charconv>
#include <optional>

#include "pkg/artifact/artifact.h"
#include "pkg/json/parse.h"

namespace coreflow::artifact {

namespace {

Error Bad(const char* what) {
  return {.code = Code::kInvalid, .message = std::string("the message of coreflow-exec ") + what};
}

std::optional<ExecutorMessage::Stored> ReadStored(const std::string& text) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const auto digest = ParseDigest(FormatDigest(text.substr(0, colon)));
  int64_t bytes = -1;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data() + colon + 1, end, bytes);
  if (!digest || error != std::errc() || last != end || bytes < 0) return std::nullopt;
  return ExecutorMessage::Stored{.digest = *digest, .bytes = bytes};
}

}  // namespace

Result<ExecutorMessage> ReadExecutorMessage(std::string_view text) {
  const auto value = json::Parse(text);
  if (!value || !value->IsObject()) return Bad("can't be read");
  if ((*value)["format"].IntOr(0) != 1) return Bad("is of another format");
  ExecutorMessage message{.outputs = (*value)["outputs"].StringOr(""),
                          .usage = ReadUsage((*value)["usage"]),
                          .problem = (*value)["problem"].StringOr("")};
  for (const auto& [name, stored] : (*value)["artifacts"].Members()) {
    const auto read = ReadStored(stored.StringOr(""));
    if (!read) return Bad("names what is no artifact");
    message.artifacts[name] = *read;
  }
  return message;
}

}  // namespace coreflow::artifact
