#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pkg/artifact/artifact.h"
#include "pkg/base/time.h"
#include "pkg/json/value.h"

// A run as it is compared with another: what it was to do, and what came of it.
namespace coreflow::compare {

// One item of a step; a step without forEach is one, and so is one that ended before it had items.
struct Item {
  std::optional<int64_t> index = {};      // of forEach or of a Job
  std::optional<json::Value> value = {};  // the element of forEach; nullopt where there is none, or it is not known
  std::string state = {};
  std::string reason = {};
  bool ended = false;
  bool taken = false;  // its result is another run's: its times are, too
  int64_t attempts = 0;
  std::optional<int64_t> exit_code = {};
  json::Object outputs = {};
  artifact::Artifacts artifacts = {};
  std::optional<artifact::Artifact> log = {};  // of the last attempt, where it was kept
  std::optional<Time> start = {};
  std::optional<Time> end = {};

  std::string pod = {};        // of the last attempt
  std::string image = {};      // as it was asked for, with the values of its expressions
  std::string digest = {};     // of the image that its pod ran, "sha256:…"; empty: nobody knows any more
  std::string given = {};      // stands for all that its result can depend on, the image by its name
  std::string cache_key = {};  // the same, the image by its digest; empty without a cache
};

struct Step {
  std::string name = {};
  std::optional<std::string> script = {};
  std::vector<Item> items = {};  // those that are known, in their order
  bool ended = false;            // no other items come
};

struct Run {
  std::string name = {};  // NAME/3
  std::string state = {};
  std::string reason = {};
  bool over = false;
  std::optional<Time> start = {};
  std::optional<Time> end = {};
  std::map<std::string, json::Value> parameters = {};
  json::Value spec = {};         // what it was to do, beside values of parameters and scripts
  std::vector<Step> steps = {};  // as written
  std::map<std::string, json::Value> outputs = {};
};

}  // namespace coreflow::compare
