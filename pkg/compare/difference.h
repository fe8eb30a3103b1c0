#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pkg/artifact/artifact.h"
#include "pkg/base/time.h"
#include "pkg/compare/field_diff.h"
#include "pkg/json/value.h"

// What differs between two runs. In each change nullopt means that the run has nothing there.
namespace coreflow::compare {

// One of the two runs.
struct Side {
  std::string name = {};  // NAME/3
  std::string state = {};
  std::string reason = {};
  bool over = false;
  std::optional<Time> start = {};
  std::optional<Time> end = {};

  bool operator==(const Side&) const = default;
};

// A step, or one item of it.
struct Place {
  std::string step = {};
  json::Value item = {};  // the element of forEach, or the index where that is not known; null: the step

  bool operator==(const Place&) const = default;
};
// "train", "each (a)".
std::string NameOf(const Place& place);

struct ScriptChange {
  std::string step = {};
  std::string before = {};
  std::string after = {};

  bool operator==(const ScriptChange&) const = default;
};

// What an image's name stood for in the one run and in the other.
struct ImageChange {
  std::string step = {};
  std::string image = {};
  std::string before = {};  // "sha256:…"; empty: only that it is another one is known, from the keys of the step cache
  std::string after = {};

  bool operator==(const ImageChange&) const = default;
};

// How an item ended.
struct End {
  std::string state = {};
  std::string reason = {};
  int64_t attempts = 0;
  std::optional<int64_t> exit_code = {};

  bool operator==(const End&) const = default;
};

struct EndChange {
  Place at = {};
  std::optional<End> before = {};
  std::optional<End> after = {};

  bool operator==(const EndChange&) const = default;
};

struct TimeChange {
  std::string step = {};
  std::optional<Duration> before = {};
  std::optional<Duration> after = {};

  Duration longer() const { return after.value_or(Duration(0)) - before.value_or(Duration(0)); }
  bool operator==(const TimeChange&) const = default;
};

struct OutputChange {
  Place at = {};  // no step: of the run
  std::string name = {};
  std::optional<json::Value> before = {};
  std::optional<json::Value> after = {};

  bool operator==(const OutputChange&) const = default;
};

struct ArtifactChange {
  Place at = {};
  std::string name = {};
  std::optional<artifact::Artifact> before = {};
  std::optional<artifact::Artifact> after = {};

  bool operator==(const ArtifactChange&) const = default;
};

struct Difference {
  Side before = {};
  Side after = {};
  std::vector<FieldChange> parameters = {};  // of the run; paths are their names
  std::vector<FieldChange> spec = {};
  std::vector<ScriptChange> scripts = {};
  std::vector<ImageChange> images = {};
  std::vector<EndChange> steps = {};
  std::optional<TimeChange> time = {};  // of the runs, where both are over
  std::vector<TimeChange> times = {};   // of steps; only notable ones, the greatest first
  std::vector<OutputChange> outputs = {};
  std::vector<ArtifactChange> artifacts = {};

  bool operator==(const Difference&) const = default;
};

// Whether anything but durations differs.
bool Differs(const Difference& difference);

// Whether a duration has changed so much that people want to know: by two seconds, as whole seconds are recorded, and
// by a tenth of the longer one.
bool IsNotable(const TimeChange& change);

}  // namespace coreflow::compare
