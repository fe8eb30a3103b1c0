#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "tests/conformance/server.h"

namespace coreflow::conformance {

// A server that is really there, behind a transport with threads of its own: every completion and sink takes a lock,
// so that they and the test never run at the same time.
class RealServer : public Server {
 public:
  explicit RealServer(std::unique_ptr<http::Transport> transport);
  ~RealServer() override;

  http::Transport& transport() override { return *locking_; }
  bool Await(const std::function<bool()>& done, Duration limit) override;
  std::string Unique() override;

 private:
  class Locking;

  std::mutex mu_;
  std::condition_variable changed_;
  std::unique_ptr<http::Transport> inner_;
  std::unique_ptr<http::Transport> locking_;
};

}  // namespace coreflow::conformance
