#include "tests/conformance/real_server.h"

#include <random>

namespace coreflow::conformance {

namespace {

// Calls what it wraps under the lock, and says that something has changed.
class LockingSink : public http::Sink {
 public:
  LockingSink(std::mutex& mu, std::condition_variable& changed, std::shared_ptr<http::Sink> sink)
      : mu_(mu), changed_(changed), sink_(std::move(sink)) {}

  void OnHeaders(const http::Response& head) override {
    std::lock_guard lock(mu_);
    sink_->OnHeaders(head);
    changed_.notify_all();
  }
  void OnBytes(std::string_view bytes) override {
    std::lock_guard lock(mu_);
    sink_->OnBytes(bytes);
    changed_.notify_all();
  }

 private:
  std::mutex& mu_;
  std::condition_variable& changed_;
  std::shared_ptr<http::Sink> sink_;
};

}  // namespace

class RealServer::Locking : public http::Transport {
 public:
  explicit Locking(RealServer& server) : server_(server) {}

  std::shared_ptr<http::Cancel> Send(http::Request request, std::chrono::milliseconds deadline,
                                     Completion done) override {
    return server_.inner_->Send(std::move(request), deadline,
                                [this, done = std::move(done)](Result<http::Response> result) {
                                  std::lock_guard lock(server_.mu_);
                                  done(std::move(result));
                                  server_.changed_.notify_all();
                                });
  }

  std::shared_ptr<http::Cancel> Stream(http::Request request, std::chrono::milliseconds idle,
                                       std::shared_ptr<http::Sink> sink, StreamEnd end) override {
    return server_.inner_->Stream(std::move(request), idle,
                                  std::make_shared<LockingSink>(server_.mu_, server_.changed_, std::move(sink)),
                                  [this, end = std::move(end)](Result<void> result) {
                                    std::lock_guard lock(server_.mu_);
                                    end(std::move(result));
                                    server_.changed_.notify_all();
                                  });
  }

 private:
  RealServer& server_;
};

RealServer::RealServer(std::unique_ptr<http::Transport> transport)
    : inner_(std::move(transport)), locking_(std::make_unique<Locking>(*this)) {}

RealServer::~RealServer() {
  // Its threads use the lock until it is gone.
  inner_.reset();
}

bool RealServer::Await(const std::function<bool()>& done, Duration limit) {
  std::unique_lock lock(mu_);
  return changed_.wait_for(lock, limit, done);
}

std::string RealServer::Unique() {
  std::random_device device;
  std::string word;
  for (int i = 0; i < 10; ++i) word += static_cast<char>('a' + device() % 26);
  return word;
}

}  // namespace coreflow::conformance
