#include "pkg/cli/difference_json.h"

#include <utility>

#include "pkg/cli/difference_sentence.h"
#include "pkg/compare/line_diff.h"
#include "pkg/json/bind.h"

namespace coreflow::cli {

namespace {

using compare::Difference;
using json::Array;
using json::Object;
using json::Value;

// The members that both of a change have or lack.
template <typename T, typename ToValue>
Object Changed(Object members, const std::optional<T>& before, const std::optional<T>& after, const ToValue& to_value) {
  if (before) members["before"] = to_value(*before);
  if (after) members["after"] = to_value(*after);
  return members;
}

Value Same(const Value& value) { return value; }

Object PlaceJson(const compare::Place& place) {
  Object members;
  if (!place.step.empty()) members["step"] = place.step;
  if (!place.item.IsNull()) members["item"] = place.item;
  return members;
}

Value SideJson(const compare::Side& side) {
  Object members{{"run", side.name}, {"state", side.state}, {"reason", side.reason}, {"over", side.over}};
  if (side.start) members["startTime"] = FormatTime(*side.start);
  if (side.end) members["completionTime"] = FormatTime(*side.end);
  return members;
}

Array Fields(const std::vector<compare::FieldChange>& changes, const std::string& member) {
  Array list;
  for (const compare::FieldChange& change : changes) {
    list.push_back(Changed({{member, change.path}}, change.before, change.after, Same));
  }
  return list;
}

Array Scripts(const Difference& difference) {
  Array list;
  for (const compare::ScriptChange& change : difference.scripts) {
    list.push_back(Object{{"step", change.step},
                          {"before", change.before},
                          {"after", change.after},
                          {"diff", compare::UnifiedDiff(change.before, change.after)}});
  }
  return list;
}

Array Images(const Difference& difference) {
  Array list;
  for (const compare::ImageChange& change : difference.images) {
    Object members{{"step", change.step}, {"image", change.image}};
    if (!change.before.empty()) members["before"] = change.before;
    if (!change.after.empty()) members["after"] = change.after;
    list.emplace_back(std::move(members));
  }
  return list;
}

Value EndJson(const compare::End& end) {
  Object members{{"state", end.state}, {"reason", end.reason}, {"attempts", end.attempts}};
  if (end.exit_code) members["exitCode"] = *end.exit_code;
  return members;
}

Array Steps(const Difference& difference) {
  Array list;
  for (const compare::EndChange& change : difference.steps) {
    list.push_back(Changed(PlaceJson(change.at), change.before, change.after, EndJson));
  }
  return list;
}

Value Seconds(const Duration& span) { return int64_t{std::chrono::duration_cast<std::chrono::seconds>(span).count()}; }

Value TimeJson(const compare::TimeChange& change) {
  Object members = Changed({}, change.before, change.after, Seconds);
  if (!change.step.empty()) members["step"] = change.step;
  members["difference"] = Seconds(change.longer());
  return members;
}

Array Times(const Difference& difference) {
  Array list;
  for (const compare::TimeChange& change : difference.times) list.push_back(TimeJson(change));
  return list;
}

Array Outputs(const Difference& difference) {
  Array list;
  for (const compare::OutputChange& change : difference.outputs) {
    Object members = PlaceJson(change.at);
    members["name"] = change.name;
    list.push_back(Changed(std::move(members), change.before, change.after, Same));
  }
  return list;
}

Array Artifacts(const Difference& difference) {
  Array list;
  for (const compare::ArtifactChange& change : difference.artifacts) {
    Object members = PlaceJson(change.at);
    members["name"] = change.name;
    list.push_back(Changed(std::move(members), change.before, change.after, [](const artifact::Artifact& artifact) {
      return Object{{"digest", artifact::FormatDigest(artifact.digest)},
                    {"bytes", artifact.bytes},
                    {"archive", json::EnumName(artifact.archive)}};
    }));
  }
  return list;
}

Array Logs(const LogDiff& logs) {
  Array list;
  for (const LogDiff::One& one : logs.logs) {
    Object members = PlaceJson(one.at);
    members["diff"] = one.diff;
    if (!one.missing.empty()) members["missing"] = one.missing;
    list.emplace_back(std::move(members));
  }
  return list;
}

}  // namespace

Value DifferenceJson(const Difference& difference, const LogDiff& logs) {
  Object members{{"before", SideJson(difference.before)},
                 {"after", SideJson(difference.after)},
                 {"sentence", Sentence(difference)},
                 {"differs", Differs(difference)},
                 {"parameters", Fields(difference.parameters, "name")},
                 {"spec", Fields(difference.spec, "path")},
                 {"scripts", Scripts(difference)},
                 {"images", Images(difference)},
                 {"steps", Steps(difference)},
                 {"durations", Times(difference)},
                 {"outputs", Outputs(difference)},
                 {"artifacts", Artifacts(difference)}};
  if (difference.time) members["duration"] = TimeJson(*difference.time);
  if (logs.asked) members["logs"] = Logs(logs);
  return members;
}

}  // namespace coreflow::cli
