#include "pkg/simulation/faulty_transport.h"

#include "pkg/apiserver/responses.h"
#include "pkg/apiserver/route.h"
#include "pkg/simulation/wire.h"

namespace coreflow::simulation {

http::Response FaultyTransport::Wire::Serve(const http::Request& request, const RequestFault& fault) {
  switch (fault.fate) {
    case Fate::kTooMany: {
      http::Response response = apiserver::PlainResponse(429, "Too many requests, please try again later.\n");
      if (fault.retry_after_seconds > 0) response.headers["retry-after"] = std::to_string(fault.retry_after_seconds);
      return response;
    }
    case Fate::kServerError:
      return apiserver::FailureResponse(
          {.code = 500, .reason = "InternalError", .message = "Internal error occurred: etcdserver: leader changed"});
    case Fate::kUnavailable:
      return apiserver::FailureResponse({.code = 503,
                                         .reason = "ServiceUnavailable",
                                         .message = "the server is currently unable to handle the request",
                                         .retry_after_seconds = fault.retry_after_seconds});
    case Fate::kConflict: {
      const auto route = apiserver::ParseRoute(request.target);
      if (route) return apiserver::FailureResponse(apiserver::Outdated(*route->resource, route->name));
      break;
    }
    case Fate::kTimedOut: {
      static_cast<void>(server.Handle(request, fault.stale_by));
      return apiserver::FailureResponse({.code = 504,
                                         .reason = "Timeout",
                                         .message = "Timeout: request did not complete within the allotted timeout"});
    }
    case Fate::kServed:
    case Fate::kLost:
    case Fate::kLate:
    case Fate::kAnswerLost: break;
  }
  return server.Handle(request, fault.stale_by);
}

void FakeCall::Start(Duration deadline) {
  if (wire_->killed) return;
  const RequestFault fault = wire_->FaultOf(request_);
  Duration out = wire_->Latency();
  Duration back = wire_->Latency();
  (wire_->random.Chance(500) ? out : back) += fault.extra_latency;
  // One timer for each call: whichever of the answer and the deadline comes first is known from the start.
  if (wire_->cut_off) return FinishAfter(deadline, Error{Code::kUnavailable, "deadline exceeded"});
  const bool silent = wire_->random.Chance(300);
  if (fault.fate == Fate::kLost) {
    return FinishAfter(silent ? deadline : std::min(out, deadline), Error{Code::kUnavailable, "connection reset"});
  }
  if (fault.fate == Fate::kLate) {
    http::Request request = request_;
    for (auto& [name, value] : request.headers) {
      if (name == "User-Agent") value += kLateAgent;
    }
    wire_->loop.After(fault.late_by, [wire = wire_, request = std::move(request)] {
      if (!wire->server.down()) static_cast<void>(wire->server.Handle(request, 0));
    });
    return FinishAfter(silent ? deadline : std::min(out, deadline), Error{Code::kUnavailable, "connection reset"});
  }
  if (fault.fate == Fate::kAnswerLost && silent) back = deadline;
  const Duration left = std::max(deadline - out, Duration(0));
  wire_->loop.After(out, [call = shared_from_this(), fault, back, left] { call->Arrive(fault, back, left); });
  if (out > deadline) FinishAfter(deadline, Error{Code::kUnavailable, "deadline exceeded"});
}

void FakeCall::Arrive(const RequestFault& fault, Duration back, Duration left) {
  if (wire_->cut_off) return FinishAfter(left, Error{Code::kUnavailable, "deadline exceeded"});
  if (wire_->server.down()) return Finish(Error{Code::kUnavailable, "connection refused"});
  http::Response response = wire_->Serve(request_, fault);
  if (fault.fate == Fate::kAnswerLost) {
    return FinishAfter(std::min(back, left), Error{Code::kUnavailable, "connection reset"});
  }
  if (back >= left) return FinishAfter(left, Error{Code::kUnavailable, "deadline exceeded"});
  FinishAfter(back, std::move(response));
}

void FakeCall::FinishAfter(Duration delay, Result<http::Response> result) {
  wire_->loop.After(
      delay, [call = shared_from_this(), result = std::move(result)]() mutable { call->Finish(std::move(result)); });
}

void FakeCall::Finish(Result<http::Response> result) {
  if (finished_ || wire_->killed) return;
  if (wire_->cut_off && result) result = Error{Code::kUnavailable, "connection lost"};
  finished_ = true;
  http::Transport::Completion done = std::move(done_);
  done(std::move(result));
}

void FakeCall::Now() {
  wire_->loop.Post([call = shared_from_this()] { call->Finish(Error{Code::kCancelled, "cancelled"}); });
}

FaultyTransport::FaultyTransport(Loop& loop, apiserver::ApiServer& server, const TransportOptions& options,
                                 Faults* faults)
    : wire_(std::make_shared<Wire>(loop, server, faults, options)) {}

FaultyTransport::~FaultyTransport() { Kill(); }

std::shared_ptr<http::Cancel> FaultyTransport::Send(http::Request request, std::chrono::milliseconds deadline,
                                                    Completion done) {
  ++wire_->sent[request.method];
  if (apiserver::HeaderOf(request, "User-Agent").empty())
    request.headers.emplace_back("User-Agent", wire_->options.user_agent);
  auto call = std::make_shared<FakeCall>(wire_, std::move(request), std::move(done));
  call->Start(deadline);
  return call;
}

std::shared_ptr<http::Cancel> FaultyTransport::Stream(http::Request request, std::chrono::milliseconds idle,
                                                      std::shared_ptr<http::Sink> sink, StreamEnd end) {
  ++wire_->sent[request.method];
  if (apiserver::HeaderOf(request, "User-Agent").empty())
    request.headers.emplace_back("User-Agent", wire_->options.user_agent);
  auto stream = std::make_shared<FakeStream>(wire_, std::move(request), idle, std::move(sink), std::move(end));
  stream->Start();
  return stream;
}

void FaultyTransport::Kill() {
  wire_->killed = true;
  wire_->faults = nullptr;  // they may be the client's, and die with it
  wire_->open.clear();
}

void FaultyTransport::CutOff(bool cut_off) {
  wire_->cut_off = cut_off;
  for (const auto& [key, stream] : wire_->open) stream->Deafen();
}

const std::map<std::string, int>& FaultyTransport::sent() const { return wire_->sent; }

int FaultyTransport::TotalSent() const {
  int total = 0;
  for (const auto& [method, count] : wire_->sent) total += count;
  return total;
}

}  // namespace coreflow::simulation
