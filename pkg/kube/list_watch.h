#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "pkg/base/time.h"
#include "pkg/kube/api_error.h"

// What an informer does next, as a pure function: it lists in pages, then watches from the list's version, and resumes
// from the last version it saw for as long as the server lets it. Lists are always of the most recent state.
namespace coreflow::kube::list_watch {

// Nothing is known, or what is known can't be followed any more: a list is due.
struct Empty {
  bool operator==(const Empty&) const = default;
};
// A page has been asked for.
struct Listing {
  std::string continue_token = {};
  bool whole = false;  // no more pages, everything at once: the tokens expired on the way

  bool operator==(const Listing&) const = default;
};
// Everything is known up to a version; a watch is due.
struct Listed {
  std::string resource_version = {};
  int failures = 0;  // watches refused in a row

  bool operator==(const Listed&) const = default;
};
// The same, and a watch is open.
struct Watching {
  std::string resource_version = {};
  int failures = 0;
  bool progressed = false;  // this watch has shown something

  bool operator==(const Watching&) const = default;
};
using State = std::variant<Empty, Listing, Listed, Watching>;

// The informer was started, or the wait it asked for is over.
struct Due {};
struct PageCame {
  std::string resource_version = {};
  std::string continue_token = {};
};
struct ListFailed {
  ApiError error = {};
};
// A frame of the watch was taken; bookmarks too.
struct VersionSeen {
  std::string resource_version = {};
};
struct WatchEnded {
  std::optional<ApiError> error = {};  // of the answer, of the connection, or of an ERROR frame
  bool at_once = false;                // in less than a second, without a frame
};
struct RelistWanted {};
using Input = std::variant<Due, PageCame, ListFailed, VersionSeen, WatchEnded, RelistWanted>;

// Ask for a page; an empty token begins a list.
struct SendList {
  std::string continue_token = {};
  bool whole = false;

  bool operator==(const SendList&) const = default;
};
// Every page has come: what they lacked is gone.
struct EndList {
  bool operator==(const EndList&) const = default;
};
struct SendWatch {
  std::string resource_version = {};

  bool operator==(const SendWatch&) const = default;
};
// Back off, then say Due.
struct Wait {
  Duration at_least{0};

  bool operator==(const Wait&) const = default;
};
using Output = std::variant<SendList, EndList, SendWatch, Wait>;

struct Step {
  State state;
  std::vector<Output> outputs;

  bool operator==(const Step&) const = default;
};

// An input that does not fit the state changes nothing. A state other than Watching has no watch open: whoever leaves
// it ends the watch.
Step Next(State state, const Input& input);

// Everything up to here has been told; empty when nothing is.
const std::string& VersionOf(const State& state);

void PrintTo(const Step& step, std::ostream* out);

}  // namespace coreflow::kube::list_watch
