#include "operator/manager/debug_routes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "pkg/json/bind.h"

namespace coreflow::manager {

namespace {

constexpr std::chrono::seconds kUsualProfile{10};
constexpr std::chrono::seconds kLongestProfile{60};

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

http::Response Runtime(const std::function<std::string()>& runtime, const http::Request& request) {
  if (request.method != "GET" && request.method != "HEAD") return NotAllowed("GET, HEAD");
  return Answer(200, runtime());
}

// Nullopt: it is none that may be asked for.
std::optional<std::chrono::seconds> LengthOf(std::string_view query) {
  if (query.empty()) return kUsualProfile;
  constexpr std::string_view kName = "seconds=";
  if (!query.starts_with(kName)) return std::nullopt;
  query.remove_prefix(kName.size());
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(query.data(), query.data() + query.size(), seconds);
  if (error != std::errc() || end != query.data() + query.size()) return std::nullopt;
  if (seconds < 1 || seconds > kLongestProfile.count()) return std::nullopt;
  return std::chrono::seconds(seconds);
}

http::Response ProfileHead() { return {.status = 200, .headers = {{"content-type", "application/octet-stream"}}}; }

void Profile(CpuProfiler& profiler, const http::Request& request, const std::shared_ptr<http::Reply>& reply) {
  if (request.method != "GET") return reply->Send(NotAllowed("GET"));
  const size_t query = request.target.find('?');
  const auto length = LengthOf(query == std::string::npos ? "" : std::string_view(request.target).substr(query + 1));
  if (!length) {
    return reply->Send(Answer(400, fmt::format("what may be asked for is seconds=N, from 1 to {}; without it, {}\n",
                                               kLongestProfile.count(), kUsualProfile.count())));
  }
  auto stop = profiler.Start(*length, {.begun = [reply] { reply->Begin(ProfileHead()); },
                                       .taken =
                                           [reply](std::string profile) {
                                             reply->Write(std::move(profile));
                                             reply->End();
                                           }});
  if (!stop) {
    const int status = stop.error().code == Code::kConflict ? 409 : 503;
    return reply->Send(Answer(status, stop.error().message + "\n"));
  }
  reply->OnGone([stop = *std::move(stop)]() mutable { stop.request_stop(); });
}

}  // namespace

http::Server::AsyncHandler DebugRoutes(const logging::Log& log, std::function<std::string()> runtime,
                                       CpuProfiler& profiler) {
  return [log, runtime = std::move(runtime), &profiler](const http::Request& request,
                                                        const std::shared_ptr<http::Reply>& reply) {
    const std::string_view path = std::string_view(request.target).substr(0, request.target.find('?'));
    if (IsOfAPage(request)) return reply->Send(Answer(403, "not for pages of a browser\n"));
    if (path == "/debug/log-level") return reply->Send(LogLevel(log, request));
    if (path == "/debug/runtime") return reply->Send(Runtime(runtime, request));
    if (path == "/debug/profile") return Profile(profiler, request, reply);
    reply->Send(Answer(404, "not found\n"));
  };
}

}  // namespace coreflow::manager
