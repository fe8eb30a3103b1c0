#pragma once

#include <string>
#include <vector>

#include "pkg/base/time.h"
#include "pkg/json/value.h"

namespace coreflow::cli {

// The Succeeded condition of a Workflow or Job: its reason and message; null before there is one.
const json::Value& SucceededCondition(const json::Value& object);

// The word that stands for the run: status.state, or Pending before CoreFlow has looked at it.
std::string StateOf(const json::Value& object);

// How long the run has taken so far; empty before it started.
std::string DurationOf(const json::Value& object, Time now);

// One line of a list of runs under RunHeadings.
std::vector<std::string> RunHeadings(bool with_namespace, bool wide);
std::vector<std::string> RunRow(const json::Value& object, Time now, bool with_namespace, bool wide);

}  // namespace coreflow::cli
