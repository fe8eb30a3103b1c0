#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pkg/base/check.h"
#include "pkg/http/server.h"

namespace coreflow::http {

// For tests: a server that keeps what it is sent to these paths, and answers with 200 and `body`. Thread-safe.
class TestReceiver {
 public:
  TestReceiver(const std::vector<std::string>& paths, std::string body) : body_(std::move(body)) {
    Server::Routes routes;
    for (const std::string& path : paths) routes[path] = [this](const Request& request) { return Take(request); };
    auto started = Server::Start({}, std::move(routes));
    CHECK(started.has_value(), "there is a free port");
    server_ = *std::move(started);
  }

  // "http://127.0.0.1:1234"
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()); }
  std::vector<Request> taken() const {
    const std::lock_guard lock(mu_);
    return taken_;
  }

 private:
  Response Take(const Request& request) {
    const std::lock_guard lock(mu_);
    taken_.push_back(request);
    return {.status = 200, .body = body_};
  }

  const std::string body_;
  mutable std::mutex mu_;
  std::vector<Request> taken_;  // guarded by mu_
  std::unique_ptr<Server> server_;
};

}  // namespace coreflow::http
