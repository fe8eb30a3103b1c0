#include "pkg/outbox/receiver.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <ostream>

#include "pkg/http/base_url.h"
#include "pkg/http/check_request.h"

namespace coreflow::outbox {

void PrintTo(const ReceiverProblem& problem, std::ostream* out) { *out << problem.field << ": " << problem.message; }

std::vector<ReceiverProblem> CheckReceiver(const Receiver& receiver) {
  if (receiver.url.empty()) {
    if (receiver.headers.empty() && receiver.ca_file.empty()) return {};
    return {{.field = "url", .message = "is needed by what else stands there"}};
  }
  std::vector<ReceiverProblem> problems;
  const auto parsed = http::ParseBaseUrl(receiver.url);
  if (!parsed) problems.push_back({.field = "url", .message = parsed.error().message});
  for (size_t i = 0; i < receiver.headers.size(); ++i) {
    if (ParseHeader(receiver.headers[i])) continue;
    problems.push_back({.field = fmt::format("headers[{}]", i),
                        .message = "is no NAME=VALUE of an HTTP header, or one that CoreFlow sets: Content-Type"});
  }
  return problems;
}

std::optional<std::pair<std::string, std::string>> ParseHeader(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos) return std::nullopt;
  std::pair<std::string, std::string> header(text.substr(0, equals), text.substr(equals + 1));
  if (!http::CheckHeader(header.first, header.second)) return std::nullopt;
  constexpr std::string_view kOurs = "content-type";
  const bool ours = std::ranges::equal(header.first, kOurs, {}, [](unsigned char c) { return std::tolower(c); });
  return ours ? std::nullopt : std::optional(std::move(header));
}

std::vector<std::string> SplitList(std::string_view text) {
  std::vector<std::string> list;
  for (size_t at = 0; at <= text.size();) {
    const size_t comma = std::min(text.find(',', at), text.size());
    list.emplace_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  return list;
}

}  // namespace coreflow::outbox
