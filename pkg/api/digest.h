#pragma once

#include <string>
#include <string_view>

#include "pkg/api/resolve.h"
#include "pkg/json/value.h"

namespace coreflow::api {

// What a run does, in one word: "v1:" and the SHA-256 of the canonical form of `spec`, the object's own as stored. An
// edit means a new run only when this changes. Left out are
//   - what acts at once (parallelism, suspend, stop, timeoutSeconds and priority of the run), TTL and clean-up;
//   - members that are null, and empty lists and maps where they mean the same as none;
//   - values equal to CoreFlow's defaults, at every level; in a step only where spec.defaults does not say otherwise.
// The order of members does not matter, and 1.0 is 1. Fixed for ever: another form needs another version.
// Any JSON is accepted. Thread-safe.
std::string RunDigest(RunKind kind, const json::Value& spec);

// Whether the object still says what the run with the digest `stored` does. True also when `stored` has a version
// that this CoreFlow does not know: better no new run than one after every upgrade.
bool SameRun(std::string_view stored, std::string_view computed);

}  // namespace coreflow::api
