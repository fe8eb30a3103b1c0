#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coreflow::outbox {

// Who is sent things over HTTP, as users say it.
struct Receiver {
  std::string url = {};                   // "https://HOST:PORT", perhaps with a path; empty: there is none
  std::vector<std::string> headers = {};  // "NAME=VALUE", of each request
  std::string ca_file = {};               // PEM of who may sign for it; empty: the system's authorities

  bool operator==(const Receiver&) const = default;
};

struct ReceiverProblem {
  std::string field = {};  // "url", or "headers[1]"
  std::string message = {};

  bool operator==(const ReceiverProblem&) const = default;
};
void PrintTo(const ReceiverProblem& problem, std::ostream* out);

// All that is wrong with one. Headers may be secrets, so none is repeated.
std::vector<ReceiverProblem> CheckReceiver(const Receiver& receiver);

// A header of one, name and value; nullopt for what is none, and for Content-Type, which is ours.
std::optional<std::pair<std::string, std::string>> ParseHeader(const std::string& text);

// What stands between the commas, as flags have lists: "A=B,C=D". At least one, which may be empty.
std::vector<std::string> SplitList(std::string_view text);

}  // namespace coreflow::outbox
