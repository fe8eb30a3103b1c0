#include "operator/manager/store_report.h"

#include <utility>

namespace coreflow::manager {

namespace {

constexpr std::chrono::minutes kQuiet{1};

// The others are answers that are expected, or mistakes of those that ask.
bool IsTrouble(Code code) {
  switch (code) {
    case Code::kUnavailable:
    case Code::kTooMany:
    case Code::kForbidden:
    case Code::kUnauthorized:
    case Code::kGone:
    case Code::kInternal: return true;
    case Code::kInvalid:
    case Code::kNotFound:
    case Code::kAlreadyExists:
    case Code::kConflict:
    case Code::kCancelled: return false;
  }
  return false;
}

}  // namespace

StoreReport::StoreReport(metrics::StoreMetrics& metrics, const logging::Log& log, Clock clock)
    : metrics_(metrics), log_(log), clock_(std::move(clock)) {}

void StoreReport::Hear(store::Operation operation, const Error* error) {
  metrics_.Called(store::OperationName(operation), error ? CodeName(error->code) : "OK");
  if (!error || !IsTrouble(error->code) || !IsTimeToSay(error->code)) return;
  log_.Warn(
      "trouble with the store",
      {{"operation", store::OperationName(operation)}, {"code", CodeName(error->code)}, {"error", error->message}});
}

bool StoreReport::IsTimeToSay(Code code) {
  const std::lock_guard lock(mu_);
  const auto now = clock_();
  const auto [said, first] = said_.try_emplace(code, now);
  if (!first && now - said->second < kQuiet) return false;
  said->second = now;
  return true;
}

}  // namespace coreflow::manager
