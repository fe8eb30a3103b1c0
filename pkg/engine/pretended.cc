#include "pkg/engine/pretended.h"

#include <algorithm>

#include "pkg/base/hash.h"
#include "pkg/base/output_limits.h"
#include "pkg/engine/courier_containers.h"
#include "pkg/engine/pod_view.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

using json::Array;
using json::Object;
using json::Value;

const Value& CommandOf(const Value& pod) {
  for (const Value& container : pod["spec"]["containers"].Elements()) {
    if (container["name"].StringOr("") == kMainContainer) return container["command"];
  }
  static const Value kNone;
  return kNone;
}

// Nothing was printed.
std::string PretendedLog() { return Sha256Hex("") + ":0"; }

}  // namespace

std::string PretendedMessage(const Value& pod, const std::string& outputs, const StoreOutputs& store) {
  const Array& command = CommandOf(pod).Elements();
  if (command.empty() || command.front().StringOr("") != ExecutorPath()) return outputs;
  const std::string what = json::Write(Array(std::ranges::find(command, Value("--")), command.end())) + outputs;
  Object artifacts;
  for (size_t i = 1; i < command.size() && command[i].StringOr("") != "--"; ++i) {
    const std::string option = command[i - 1].StringOr("");
    if (option == "--log") artifacts[artifact::kLogArtifact] = PretendedLog();
    if (!option.ends_with("artifact")) continue;
    const std::string word = command[i].StringOr("");
    const std::string name = word.substr(0, word.find('='));
    std::string contents = what;
    contents.append("/").append(name);
    artifacts[name] = Sha256Hex(contents) + ":" + std::to_string(name.size());
  }
  const bool may_be_large = std::ranges::find(command, Value("--large-outputs")) != command.end();
  if (!may_be_large || !store || outputs.size() <= kMostInlineOutputs) {
    return json::Write(Object{{"format", 1}, {"outputs", outputs}, {"artifacts", std::move(artifacts)}});
  }
  store(outputs);
  artifacts[artifact::kOutputsArtifact] = Sha256Hex(outputs) + ":" + std::to_string(outputs.size());
  return json::Write(Object{{"format", 1}, {"artifacts", std::move(artifacts)}});
}

std::shared_ptr<const CourierSetup> PretendedCourier() {
  return std::make_shared<const CourierSetup>(
      CourierSetup{.image = "coreflow", .url = "http://127.0.0.1:1", .key = Secret<std::string>("pretended")});
}

}  // namespace coreflow::engine
