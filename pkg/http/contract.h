#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pkg/http/options.h"
#include "pkg/http/test_server.h"
#include "pkg/http/transport.h"

namespace coreflow::http {

// An implementation of Transport that must pass the contract.
struct Implementation {
  std::string name;
  std::function<Result<std::unique_ptr<Transport>>(Options)> make;
};
void PrintTo(const Implementation& implementation, std::ostream* out);

void PrintTo(const Response& response, std::ostream* out);

// What every Transport does, whatever is under it. Tests of it are in contract_*_test.cc; the list of implementations
// is in contract.cc.
class ContractTest : public testing::TestWithParam<Implementation> {
 protected:
  std::unique_ptr<Transport> Make(Options options);
  std::unique_ptr<Transport> MakeFor(const TestServer& server) { return Make({.url = server.url()}); }
};

constexpr std::chrono::milliseconds kLong{20'000};

// The outcome of one request, to wait for.
template <typename T>
class Outcome {
 public:
  std::function<void(Result<T>)> Receive() {
    return [this](Result<T> result) {
      std::lock_guard lock(mu_);
      results_.push_back(std::move(result));
      arrived_.Set();
    };
  }
  // Once it has arrived; kInternal when it did not come in time or came twice.
  Result<T> Wait() {
    if (!arrived_.Wait()) return Error{.code = Code::kInternal, .message = "never completed"};
    std::lock_guard lock(mu_);
    if (results_.size() > 1) return Error{.code = Code::kInternal, .message = "completed more than once"};
    return results_.front();
  }
  bool arrived() const { return arrived_.happened(); }

 private:
  std::mutex mu_;
  std::vector<Result<T>> results_;  // guarded by mu_
  Signal arrived_;
};

// Sends and waits.
Result<Response> Ask(Transport& transport, Request request, std::chrono::milliseconds deadline = kLong);

// "200 body" or "Unavailable: message".
std::string Show(const Result<Response>& result);
// The name of the code, or "OK".
std::string CodeOf(const Result<Response>& result);
std::string CodeOf(const Result<void>& result);

// A sink that keeps what it gets. Thread-safe.
class Recorder : public Sink {
 public:
  void OnHeaders(const Response& head) override;
  void OnBytes(std::string_view bytes) override;

  // Status and bytes so far: "200 abc"; "bytes before headers" when that happened.
  std::string Seen() const;
  // True once that many bytes are in.
  bool WaitBytes(size_t count) const;
  bool WaitHeaders() const;

 private:
  bool WaitUntil(const std::function<bool()>& condition) const;

  mutable std::mutex mu_;
  mutable std::condition_variable changed_;
  int status_ = 0;         // guarded by mu_
  bool disorder_ = false;  // guarded by mu_
  std::string bytes_;      // guarded by mu_
};

}  // namespace coreflow::http
