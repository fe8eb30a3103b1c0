#include "pkg/kube/api_error.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "pkg/json/parse.h"

namespace coreflow::kube {
namespace {

constexpr int kMaxRetryAfterSeconds = 24 * 3600;

Code CodeOf(int status, std::string_view reason) {
  switch (status) {
    case 401: return Code::kUnauthorized;
    case 403: return Code::kForbidden;
    case 404: return Code::kNotFound;
    case 408: return Code::kUnavailable;
    case 409: return reason == "AlreadyExists" ? Code::kAlreadyExists : Code::kConflict;
    case 410: return Code::kGone;
    case 429: return Code::kTooMany;
    case 501: return Code::kInvalid;
    default:
      if (status >= 500) return Code::kUnavailable;
      return status >= 400 ? Code::kInvalid : Code::kInternal;
  }
}

std::optional<Duration> Seconds(int64_t seconds) {
  if (seconds <= 0) return std::nullopt;
  return std::chrono::seconds(std::min<int64_t>(seconds, kMaxRetryAfterSeconds));
}

// Whole seconds only, as the API server writes it; client-go does not read dates either.
std::optional<Duration> RetryAfterHeader(const http::Response& response) {
  auto header = response.headers.find("retry-after");
  if (header == response.headers.end()) return std::nullopt;
  const std::string& text = header->second;
  int seconds = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return Seconds(seconds);
}

std::vector<ApiError::Cause> CausesOf(const json::Value& details) {
  std::vector<ApiError::Cause> causes;
  for (const json::Value& cause : details["causes"].Elements()) {
    causes.push_back({.reason = cause["reason"].StringOr(""),
                      .message = cause["message"].StringOr(""),
                      .field = cause["field"].StringOr("")});
  }
  return causes;
}

bool HasCause(const ApiError& error, std::string_view reason) {
  return std::any_of(error.causes.begin(), error.causes.end(),
                     [&](const ApiError::Cause& cause) { return cause.reason == reason; });
}

bool Says(const ApiError& error, std::string_view words) {
  return error.error.message.find(words) != std::string::npos;
}

}  // namespace

void PrintTo(const ApiError& error, std::ostream* out) {
  *out << CodeName(error.error.code) << " (" << error.status << ' ' << error.reason << "): " << error.error.message;
  if (error.retry_after) *out << ", retry after " << error.retry_after->count() << " ms";
  if (error.may_have_taken_effect) *out << ", may have taken effect";
}

ApiError ErrorOfStatus(const json::Value& status, int http_status) {
  ApiError error;
  int64_t code = status["code"].IntOr(0);
  error.status = code >= 100 && code <= 599 ? static_cast<int>(code) : http_status;
  error.reason = status["reason"].StringOr("");
  error.kind = status["details"]["kind"].StringOr("");
  error.causes = CausesOf(status["details"]);
  error.retry_after = Seconds(status["details"]["retryAfterSeconds"].IntOr(0));
  error.error = Error{.code = CodeOf(error.status, error.reason), .message = status["message"].StringOr("")};
  if (error.error.message.empty()) error.error.message = "the server answered " + std::to_string(error.status);
  return error;
}

ApiError ErrorOf(const http::Response& response) {
  json::Value status;
  if (auto body = json::Parse(response.body); body && (*body)["kind"].StringOr("") == "Status") status = *body;
  ApiError error = ErrorOfStatus(status, response.status);
  if (error.status != response.status) {  // the answer's own line decides, whatever its body claims
    error.status = response.status;
    error.error.code = CodeOf(response.status, error.reason);
  }
  if (auto header = RetryAfterHeader(response)) error.retry_after = header;
  return error;
}

ApiError ErrorWithoutAnswer(Error error) { return ApiError{.error = std::move(error)}; }

bool IsExpired(const ApiError& error) { return error.error.code == Code::kGone || error.reason == "Expired"; }

bool IsVersionTooLarge(const ApiError& error) {
  // The words are those of servers before 1.20, which gave no cause.
  return HasCause(error, "ResourceVersionTooLarge") ||
         (error.reason == "Timeout" && Says(error, "Too large resource version"));
}

bool IsQuotaExceeded(const ApiError& error) {
  return error.error.code == Code::kForbidden && Says(error, "exceeded quota");
}

bool IsNamespaceEnding(const ApiError& error) {
  if (error.error.code == Code::kNotFound) return error.kind == "namespaces";
  return error.error.code == Code::kForbidden && HasCause(error, "NamespaceTerminating");
}

}  // namespace coreflow::kube
