#include "pkg/apiserver/pod_cells.h"

#include <string>

#include "pkg/apiserver/object.h"

namespace coreflow::apiserver {

namespace {

std::string Ready(const json::Value& pod) {
  size_t ready = 0;
  for (const json::Value& container : pod["status"]["containerStatuses"].Elements()) {
    if (container["ready"].BoolOr(false)) ++ready;
  }
  return std::to_string(ready) + "/" + std::to_string(pod["spec"]["containers"].Elements().size());
}

// Why a container is not running; empty when it is.
std::string TroubleOf(const json::Value& container) {
  const json::Value& state = container["state"];
  if (const json::Value& waiting = state["waiting"]; !waiting.IsNull()) return waiting["reason"].StringOr("");
  const json::Value& ended = state["terminated"];
  if (ended.IsNull()) return "";
  if (const std::string reason = ended["reason"].StringOr(""); !reason.empty()) return reason;
  if (const int64_t signal = ended["signal"].IntOr(0); signal != 0) return "Signal:" + std::to_string(signal);
  return "ExitCode:" + std::to_string(ended["exitCode"].IntOr(0));
}

std::string StatusOf(const json::Value& pod) {
  const json::Value& status = pod["status"];
  std::string said = status["reason"].StringOr("");
  if (said.empty()) said = status["phase"].StringOr("Unknown");
  for (const json::Value& container : status["containerStatuses"].Elements()) {
    if (const std::string trouble = TroubleOf(container); !trouble.empty()) said = trouble;
  }
  if (IsBeingDeleted(pod)) return status["reason"] == json::Value("NodeLost") ? "Unknown" : "Terminating";
  return said;
}

int64_t Restarts(const json::Value& pod) {
  int64_t restarts = 0;
  for (const json::Value& container : pod["status"]["containerStatuses"].Elements()) {
    restarts += container["restartCount"].IntOr(0);
  }
  return restarts;
}

}  // namespace

json::Value PodCell(const json::Value& pod, std::string_view what) {
  if (what == "ready of the pod") return Ready(pod);
  if (what == "restarts of the pod") return std::to_string(Restarts(pod));
  return StatusOf(pod);
}

}  // namespace coreflow::apiserver
