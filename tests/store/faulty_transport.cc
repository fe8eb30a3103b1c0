#include "tests/store/faulty_transport.h"

#include <utility>

namespace coreflow::store {

namespace {

Error Cut() { return {.code = Code::kUnavailable, .message = "cut"}; }

// Any status but 200 has an error of S3.
http::Response Failure(int status) {
  return {.status = status,
          .headers = {{"retry-after", "1"}},
          .body = "<Error><Code>" + std::string(status == 503 ? "SlowDown" : "InternalError") + "</Code></Error>"};
}

}  // namespace

FaultyTransport::Fate FaultyTransport::Decide(const std::string& name) {
  const std::lock_guard lock(mu_);
  int& failed = failed_[name];
  if (failed == 2) return failed = 0, Fate::kWell;
  auto roll = static_cast<int>(dice_.Below(1000));
  for (const auto& [chance, fate] :
       {std::pair(faults_.cut_before, Fate::kCutBefore), std::pair(faults_.cut_after, Fate::kCutAfter),
        std::pair(faults_.error_500, Fate::k500), std::pair(faults_.error_503, Fate::k503),
        std::pair(faults_.wrong_bytes, Fate::kWrongBytes)}) {
    if (roll < chance) return ++failed, fate;
    roll -= chance;
  }
  return failed = 0, Fate::kWell;
}

std::shared_ptr<http::Cancel> FaultyTransport::Send(http::Request request, std::chrono::milliseconds deadline,
                                                    Completion done) {
  const bool reads = request.method == "GET";
  const Fate fate = Decide(request.method + " " + request.target);
  switch (fate) {
    case Fate::kCutBefore: return done(Cut()), nullptr;
    case Fate::k500: return done(Failure(500)), nullptr;
    case Fate::k503: return done(Failure(503)), nullptr;
    case Fate::kCutAfter:
      return under_->Send(std::move(request), deadline, [done](Result<http::Response>) { done(Cut()); });
    case Fate::kWrongBytes:
      return under_->Send(std::move(request), deadline, [done, reads](Result<http::Response> answer) {
        if (reads && answer && !answer->body.empty()) answer->body[answer->body.size() / 2] ^= 1;
        done(std::move(answer));
      });
    case Fate::kWell: return under_->Send(std::move(request), deadline, std::move(done));
  }
  return nullptr;
}

}  // namespace coreflow::store
