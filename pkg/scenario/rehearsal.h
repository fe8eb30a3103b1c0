#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/json/value.h"
#include "pkg/scenario/scenario.h"

namespace coreflow::scenario {

// One run of a workflow in a simulated cluster; see operator/rehearsal.
struct Rehearsal {
  json::Value object = {};  // the Workflow or Job, with a name
  std::vector<Rule> rules = {};
  std::vector<Event> events = {};
  Duration most = std::chrono::hours(24);  // then it is given up
};

struct Rehearsed {
  // As they are at the end.
  json::Value object = {};
  std::vector<json::Value> records = {};
  std::vector<json::Value> pods = {};  // none when it is over: the records tell everything then
  bool over = false;
  Duration took = {};  // of virtual time
  int pods_made = 0;
  std::vector<bool> met = {};  // which of the rules came to pass
};

// kInvalid: the simulated API server refuses the object.
using Rehearse = std::function<Result<Rehearsed>(const Rehearsal& rehearsal)>;

}  // namespace coreflow::scenario
