#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pkg/simulation/faulty_transport.h"

namespace coreflow::simulation {

class FakeStream;

struct FaultyTransport::Wire {
  Wire(Loop& the_loop, apiserver::ApiServer& the_server, Faults* the_faults, const TransportOptions& the_options)
      : loop(the_loop), server(the_server), faults(the_faults), options(the_options), random(the_options.seed) {}

  Loop& loop;
  apiserver::ApiServer& server;
  Faults* faults;  // may be null
  TransportOptions options;
  Dice random;
  bool killed = false;
  bool cut_off = false;
  std::map<std::string, int> sent = {};
  // Owns the streams that are open; a client need not hold on to theirs.
  std::map<FakeStream*, std::shared_ptr<FakeStream>> open = {};

  Duration Latency() { return random.Between(options.least_latency, options.most_latency); }
  RequestFault FaultOf(const http::Request& request) { return faults ? faults->OnRequest(request) : RequestFault{}; }

  // What the server, or something in front of it, answers. REQUIRES: the fate is none of the lost ones.
  http::Response Serve(const http::Request& request, const RequestFault& fault);
};

// A request with one answer, under way.
class FakeCall : public http::Cancel, public std::enable_shared_from_this<FakeCall> {
 public:
  FakeCall(std::shared_ptr<FaultyTransport::Wire> wire, http::Request request, http::Transport::Completion done)
      : wire_(std::move(wire)), request_(std::move(request)), done_(std::move(done)) {}

  void Start(Duration deadline);
  void Now() override;

 private:
  void Arrive(const RequestFault& fault, Duration back, Duration left);
  void FinishAfter(Duration delay, Result<http::Response> result);
  void Finish(Result<http::Response> result);

  std::shared_ptr<FaultyTransport::Wire> wire_;
  http::Request request_;
  http::Transport::Completion done_;
  bool finished_ = false;
};

// A request with an answer in pieces, under way: mostly a watch.
class FakeStream : public http::Cancel, public std::enable_shared_from_this<FakeStream> {
 public:
  FakeStream(std::shared_ptr<FaultyTransport::Wire> wire, http::Request request, Duration idle,
             std::shared_ptr<http::Sink> sink, http::Transport::StreamEnd end)
      : wire_(std::move(wire)),
        request_(std::move(request)),
        idle_(idle),
        sink_(std::move(sink)),
        end_(std::move(end)) {}

  void Start();
  void Now() override;
  // Nothing comes through any more, for good: what a connection loses while it is cut off, nobody sends again.
  void Deafen() { deaf_ = true; }

 private:
  void Arrive(const RequestFault& fault);
  void OpenWatch();
  void Take(apiserver::WatchFrame frame);
  void ReleaseUpTo(uint64_t number);
  void Pass(const apiserver::WatchFrame& frame);
  // Runs `step` after what was queued before, if the stream is still open then.
  void Queue(Duration extra, std::function<void()> step);
  void QueueBytes(Duration extra, std::string bytes);
  void QueueFrames(Duration extra, std::vector<apiserver::WatchFrame> frames);
  void QueueAnswer(const http::Response& response);
  void QueueEnd(Duration extra, Result<void> result);
  void WatchIdle();
  void Finish(Result<void> result);
  bool Deaf() const { return finished_ || deaf_ || wire_->killed; }

  std::shared_ptr<FaultyTransport::Wire> wire_;
  http::Request request_;
  Duration idle_;
  std::shared_ptr<http::Sink> sink_;
  http::Transport::StreamEnd end_;
  std::shared_ptr<apiserver::Watch> watch_;  // null until it is open
  WatchFault lag_ = {};
  std::deque<std::pair<uint64_t, apiserver::WatchFrame>> held_ = {};  // numbered, oldest first
  std::deque<apiserver::WatchFrame> passed_ = {};                     // the last few, oldest first
  uint64_t next_number_ = 1;
  Duration queued_until_{0};  // when the last queued step runs
  Duration last_bytes_{0};
  bool muted_ = false;    // nothing more is queued: silence, or an end is on its way
  bool refused_ = false;  // the server answered with a failure instead of a watch
  bool deaf_ = false;
  bool finished_ = false;
};

}  // namespace coreflow::simulation
