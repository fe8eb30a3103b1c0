#include "pkg/engine/outputs.h"

#include <fmt/format.h>

#include <algorithm>

#include "pkg/base/output_limits.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

constexpr int32_t kMaxMessage = 4096;
constexpr int32_t kMaxMessagesOfPod = 12288;
// The API server puts this in the place of bytes that are not UTF-8.
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

ParsedOutputs Invalid(std::string message) {
  return {.reason = api::Reason::kOutputsInvalid, .message = std::move(message)};
}

const graph::OutputDeclaration* Declared(std::span<const graph::OutputDeclaration> declared, std::string_view name) {
  auto it = std::ranges::find(declared, name, &graph::OutputDeclaration::name);
  return it == declared.end() ? nullptr : &*it;
}

std::string Names(std::span<const graph::OutputDeclaration> declared) {
  std::string names;
  for (const auto& output : declared) names += (names.empty() ? "" : ", ") + output.name;
  return names.empty() ? "none" : names;
}

std::string Unknown(std::string_view name, std::span<const graph::OutputDeclaration> declared) {
  return fmt::format("output {} is not declared; declared are: {}", json::Quote(name.substr(0, 63)), Names(declared));
}

ParsedOutputs ParseObject(std::string_view text, std::span<const graph::OutputDeclaration> declared) {
  auto object = json::Parse(text);
  if (!object) return Invalid("the outputs begin with { but are " + object.error().message);
  ParsedOutputs out;
  for (const auto& [name, value] : object->Members()) {
    const auto* output = Declared(declared, name);
    if (!output) return Invalid(Unknown(name, declared));
    auto conformed = graph::Conform(value, output->type);
    if (!conformed) return Invalid("output " + name + ": " + conformed.error().message);
    out.values[name] = *std::move(conformed);
  }
  return out;
}

ParsedOutputs ParseLines(std::string_view text, std::span<const graph::OutputDeclaration> declared) {
  ParsedOutputs out;
  while (!text.empty()) {
    size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    size_t equals = line.find('=');
    if (equals == std::string_view::npos) {
      return Invalid(fmt::format("the line {} is not of the form name=value", json::Quote(line.substr(0, 60))));
    }
    std::string name(line.substr(0, equals));
    const auto* output = Declared(declared, name);
    if (!output) return Invalid(Unknown(name, declared));
    auto value = graph::ParseText(line.substr(equals + 1), output->type);
    if (!value) return Invalid("output " + name + ": " + value.error().message);
    if (!out.values.emplace(name, *std::move(value)).second) return Invalid("output " + name + " is written twice");
  }
  return out;
}

ParsedOutputs NotUtf8() { return Invalid("the outputs are not valid UTF-8; encode bytes, for example with base64"); }

ParsedOutputs ParseWhole(std::string_view text, std::span<const graph::OutputDeclaration> declared) {
  ParsedOutputs out = text.starts_with('{') ? ParseObject(text, declared) : ParseLines(text, declared);
  if (out.reason != api::Reason::kSucceeded) return out;
  for (const auto& output : declared) {
    if (!out.values.contains(output.name)) {
      return Invalid(
          fmt::format("output {} was not written; write {}=… to $COREFLOW_OUTPUT", output.name, output.name));
    }
  }
  return out;
}

}  // namespace

int32_t MessageLimit(int32_t containers) { return std::min(kMaxMessage, kMaxMessagesOfPod / std::max(containers, 1)); }

ParsedOutputs ParseOutputs(std::string_view text, int32_t containers,
                           std::span<const graph::OutputDeclaration> declared) {
  const int32_t limit = MessageLimit(containers);
  if (text.size() >= static_cast<size_t>(limit)) {
    return {
        .reason = api::Reason::kOutputsTooLarge,
        .message = fmt::format("the outputs have {} bytes or more; Kubernetes keeps {} of a pod with {} containers, so "
                               "at most {} can be used; for up to 1 MiB declare them with large: true",
                               text.size(), limit, std::max(containers, 1), limit - 1)};
  }
  if (text.find(kReplacement) != std::string_view::npos) return NotUtf8();
  return ParseWhole(text, declared);
}

ParsedOutputs ParseLargeOutputs(std::string_view text, std::span<const graph::OutputDeclaration> declared) {
  if (text.size() > kMostOutputs) {
    return {.reason = api::Reason::kOutputsTooLarge,
            .message = fmt::format("the outputs have {} bytes; at most {} can be used: leave more as an artifact",
                                   text.size(), kMostOutputs)};
  }
  if (!json::IsUtf8(text)) return NotUtf8();
  return ParseWhole(text, declared);
}

}  // namespace coreflow::engine
