#include "pkg/engine/testing/ends.h"

#include <algorithm>

#include "pkg/json/write.h"

namespace coreflow::engine {

namespace {

using json::Object;
using json::Value;

std::string Name(const std::pair<std::string, int32_t>& item) {
  return item.second < 0 ? item.first : item.first + "[" + std::to_string(item.second) + "]";
}

// Some ordinary step failed that may not, so that failFast or maxFailedIndexes cut the run.
bool WasCutByFailure(const graph::Graph& graph, const Ends& ends) {
  for (int32_t i = 0; i < graph.first_finally; ++i) {
    const graph::Step& step = graph.steps[static_cast<size_t>(i)];
    const auto failed = std::ranges::count_if(ends, [&](const auto& end) {
      return end.first.first == step.name && end.second["state"].StringOr("") == "Failed";
    });
    if (failed == 0) continue;
    if (step.completions ? failed > step.max_failed_items : graph.source.fail_fast && !step.continue_on_failure)
      return true;
  }
  return false;
}

// What an end says that does not hang on time. `whole`: also what hangs on the other items of the run.
Value Essence(const Value& end, bool whole) {
  Object essence;
  // Whether others find a result depends on who kept it before a crash; what it is does not.
  const bool cached = !end["cache"].IsNull();
  if (cached) {
    for (const char* field : {"state", "exitCode", "outputs", "artifacts"}) essence[field] = end[field];
    return essence;
  }
  for (const char* field : {"state", "exitCode", "outputs", "artifacts", "attempts", "podName"})
    essence[field] = end[field];
  if (whole) {
    for (const char* field : {"reason", "message"}) essence[field] = end[field];
  }
  return essence;
}

std::string CompareAll(const Ends& one, const Ends& other) {
  std::string text;
  for (const auto& [item, end] : one) {
    auto found = other.find(item);
    if (found == other.end()) {
      text += Name(item) + " has an end in one only: " + json::Write(end) + "\n";
    } else if (!(Essence(end, true) == Essence(found->second, true))) {
      text += Name(item) + ": " + json::Write(end) + "\n  but " + json::Write(found->second) + "\n";
    }
  }
  for (const auto& [item, end] : other) {
    if (!one.contains(item)) text += Name(item) + " has an end in the other only: " + json::Write(end) + "\n";
  }
  return text;
}

// Items whose last attempt ended by itself in both: an attempt always goes the same way.
std::string CompareAttempts(const Ends& one, const Ends& other) {
  auto by_itself = [](const Value& end) {
    const std::string state = end["state"].StringOr("");
    return end["exitCode"].IsInt() && (state == "Succeeded" || state == "Failed") &&
           end["reason"].StringOr("") != "Timeout";
  };
  std::string text;
  for (const auto& [item, end] : one) {
    auto found = other.find(item);
    if (found == other.end() || !by_itself(end) || !by_itself(found->second)) continue;
    if (!(end["attempts"] == found->second["attempts"])) continue;
    if (!(Essence(end, false) == Essence(found->second, false))) {
      text += Name(item) + ": " + json::Write(end) + "\n  but " + json::Write(found->second) + "\n";
    }
  }
  return text;
}

}  // namespace

Ends EndsOf(const World& world, int32_t run) {
  Ends ends;
  for (const auto& [name, body] : world.records()) {
    if (body["run"].IntOr(0) != run) continue;
    for (const Value& item : body["results"].Elements()) {
      ends[{item["step"].StringOr(""), static_cast<int32_t>(item["index"].IntOr(-1))}] = item;
    }
  }
  return ends;
}

int32_t LastRun(const World& world) { return static_cast<int32_t>(world.status()["run"]["number"].IntOr(0)); }

bool IsTimeless(const Player& player) {
  if (HasClock(player.scenario())) return false;
  const auto graph = GraphOf(player.scenario());
  for (int32_t run = 1; run <= LastRun(player.world()); ++run) {
    if (WasCutByFailure(*graph, EndsOf(player.world(), run))) return false;
  }
  return true;
}

std::string Differences(const Player& one, const Player& other) {
  const World& a = one.world();
  const World& b = other.world();
  if (a.object_gone() || b.object_gone()) return "";  // the user's condition need not come when a run is cut
  if (!IsTimeless(one)) return CompareAttempts(EndsOf(a, 1), EndsOf(b, 1));
  std::string text;
  if (LastRun(a) != LastRun(b)) {
    text += std::to_string(LastRun(a)) + " runs, but " + std::to_string(LastRun(b)) + "\n";
  }
  for (int32_t run = 1; run <= LastRun(a); ++run) text += CompareAll(EndsOf(a, run), EndsOf(b, run));
  for (const char* field : {"state", "outputs", "counts", "progress", "observedGeneration"}) {
    if (!(a.status()[field] == b.status()[field])) {
      text += std::string("status.") + field + ": " + json::Write(a.status()[field]) + "\n  but " +
              json::Write(b.status()[field]) + "\n";
    }
  }
  if (a.Reason() != b.Reason()) text += "reason " + a.Reason() + ", but " + b.Reason() + "\n";
  return text;
}

}  // namespace coreflow::engine
