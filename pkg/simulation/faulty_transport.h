#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "pkg/apiserver/api_server.h"
#include "pkg/base/dice.h"
#include "pkg/base/loop.h"
#include "pkg/http/transport.h"
#include "pkg/simulation/faults.h"

namespace coreflow::simulation {

struct TransportOptions {
  Duration least_latency = std::chrono::milliseconds(1);  // each way
  Duration most_latency = std::chrono::milliseconds(4);
  uint64_t seed = 1;
  std::string user_agent = {};  // sent where the request has none, to tell clients apart in the audit
};

// Ends the user agent, as the audit has it, of a write that came late (Fate::kLate).
inline constexpr char kLateAgent[] = " late";

// One client's connections to the fake API server: requests take time on the loop and meet faults. Everything runs on
// the loop's thread, also the calls; completions come from the loop, never inside Send or Stream. The loop, the server
// and the faults outlive it.
class FaultyTransport : public http::Transport {
 public:
  // `faults` may be null: all goes well, and a sink that takes lines (json::LineSink) has a watch's without their text.
  FaultyTransport(Loop& loop, apiserver::ApiServer& server, const TransportOptions& options = {},
                  Faults* faults = nullptr);
  ~FaultyTransport() override;
  FaultyTransport(const FaultyTransport&) = delete;
  FaultyTransport& operator=(const FaultyTransport&) = delete;

  std::shared_ptr<http::Cancel> Send(http::Request request, std::chrono::milliseconds deadline,
                                     Completion done) override;
  std::shared_ptr<http::Cancel> Stream(http::Request request, std::chrono::milliseconds idle,
                                       std::shared_ptr<http::Sink> sink, StreamEnd end) override;

  // The client's process is gone: no completion and no sink is ever called again, and the faults are asked no more.
  // What was sent still arrives; what the client goes on to send, if it is killed inside a call, never leaves it.
  void Kill();

  // While it is cut off, nothing arrives on either side: requests run into their deadlines, streams are silent.
  void CutOff(bool cut_off);

  // How many requests were sent, by method.
  const std::map<std::string, int>& sent() const;
  int TotalSent() const;

  // What the calls share with the transport, and what outlives it while they are under way.
  struct Wire;

 private:
  std::shared_ptr<Wire> wire_;
};

}  // namespace coreflow::simulation
