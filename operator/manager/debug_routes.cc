#include "operator/manager/debug_routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "pkg/json/bind.h"

namespace coreflow::manager {

namespace {

http::Response Answer(int status, std::string body) {
  return {.status = status, .headers = {{"content-type", "text/plain; charset=utf-8"}}, .body = std::move(body)};
}

http::Response NotAllowed(const char* methods) {
  http::Response refused = Answer(405, fmt::format("only {}\n", methods));
  refused.headers["allow"] = methods;
  return refused;
}

bool IsOfAPage(const http::Request& request) {
  return std::ranges::any_of(request.headers, [](const auto& header) { return header.first == "origin"; });
}

std::optional<logging::Level> LevelOf(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  for (const auto level :
       {logging::Level::kDebug, logging::Level::kInfo, logging::Level::kWarn, logging::Level::kError}) {
    if (text == json::EnumName(level)) return level;
  }
  return std::nullopt;
}

http::Response LogLevel(const logging::Log& log, const http::Request& request) {
  if (request.method == "GET" || request.method == "HEAD")
    return Answer(200, fmt::format("{}\n", json::EnumName(log.level())));
  if (request.method != "PUT") return NotAllowed("GET, HEAD, PUT");
  const auto level = LevelOf(request.body);
  if (!level) return Answer(400, "the body must be debug, info, warn or error\n");
  const logging::Level before = log.level();
  // At the one of both that says more: whoever reads the log learns why it changes.
  log.SetLevel(std::min(before, *level));
  log.Warn("log level changed", {{"from", json::EnumName(before)}, {"to", json::EnumName(*level)}});
  log.SetLevel(*level);
  return Answer(200, fmt::format("{}\n", json::EnumName(*level)));
}

}  // namespace

http::Server::Routes DebugRoutes(const logging::Log& log, std::function<std::string()> runtime) {
  const auto guarded = [](http::Server::Handler handle) -> http::Server::Handler {
    return [handle = std::move(handle)](const http::Request& request) {
      return IsOfAPage(request) ? Answer(403, "not for pages of a browser\n") : handle(request);
    };
  };
  return {{"/debug/log-level", guarded([log](const http::Request& request) { return LogLevel(log, request); })},
          {"/debug/runtime", guarded([runtime = std::move(runtime)](const http::Request& request) {
             if (request.method != "GET" && request.method != "HEAD") return NotAllowed("GET, HEAD");
             return Answer(200, runtime());
           })}};
}

}  // namespace coreflow::manager
