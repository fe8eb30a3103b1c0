#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "pkg/http/options.h"
#include "pkg/http/transport.h"
#include "pkg/http/wire.h"
#include "pkg/http/worker.h"

namespace coreflow::http {

// A Transport on any Wire: checks requests, asks for credentials, on a thread of its own where that may block, keeps at
// most Options::max_in_flight on the wire, and ends what takes too long. See Transport and NewCpprestTransport for the
// contract.
class Dispatcher : public Transport {
 public:
  Dispatcher(const Options& options, std::unique_ptr<Wire> wire);
  ~Dispatcher() override;

  std::shared_ptr<Cancel> Send(Request request, std::chrono::milliseconds deadline, Completion done) override;
  std::shared_ptr<Cancel> Stream(Request request, std::chrono::milliseconds idle, std::shared_ptr<Sink> sink,
                                 StreamEnd end) override;

 private:
  struct Order {
    uint64_t id = 0;
    Request request;
    Wire::Kind kind = Wire::Kind::kWhole;
    std::shared_ptr<Exchange> exchange;
  };

  std::shared_ptr<Cancel> Submit(Request request, Wire::Kind kind, std::chrono::milliseconds limit,
                                 std::unique_ptr<Receiver> receiver);
  void Arm(uint64_t id, const std::shared_ptr<Exchange>& exchange, Wire::Kind kind, std::chrono::milliseconds limit);
  void SetTimer(uint64_t id, Worker::Instant due, Worker::Work work);
  void Closed(uint64_t id);

  // Each hands on to the next; none blocks.
  void Begin(Order order);
  void Equip(Order order);
  void Start(Order order, Auth auth);
  Result<void> AddCredentials(Order& order, const Auth& auth);

  // False: it waits in line, or has ended.
  bool Admit(Order& order);
  std::optional<Order> NextWaiting();
  // Takes one of the places on the wire, unless the order has ended. With mu_ held.
  bool Occupy(const Order& order);

  void Refuse(const std::shared_ptr<Exchange>& exchange, Error error);

  const Options options_;
  const std::unique_ptr<Wire> wire_;

  std::mutex mu_;
  std::condition_variable emptied_;
  struct Open {
    std::shared_ptr<Exchange> exchange;
    uint64_t timer = 0;
    bool on_wire = false;
  };
  std::map<uint64_t, Open> open_;  // guarded by mu_; every exchange that has not closed
  uint64_t last_id_ = 0;           // guarded by mu_
  bool stopping_ = false;          // guarded by mu_
  size_t in_flight_ = 0;           // guarded by mu_
  std::deque<Order> waiting_;      // guarded by mu_; while there is room for them, Closed() is about to start them

  // Cancel handles may outlive the transport; they hold on to the clock.
  const std::shared_ptr<Worker> clock_;
  const std::unique_ptr<Worker> starter_;
};

}  // namespace coreflow::http
