#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "pkg/base/result.h"

namespace coreflow::data {

// What Kubernetes says of a token, asked for our audience.
struct TokenOwner {
  bool authenticated = false;
  std::string name = {};                    // "system:serviceaccount:team:coreflow-reader"
  std::vector<std::string> audiences = {};  // those asked for that the token is meant for
};

// Asks Kubernetes whose a token is (TokenReview), and blocks until it says so. Called from many threads at once. An
// error: it can't be asked. Never lets the token into an error or a log.
using ReviewToken = std::function<Result<TokenOwner>(const std::string& token)>;

// Who may read what the store keeps of a namespace: whoever shows a token for the account artifact::kReaderAccount of
// that namespace and the audience artifact::kReaderAudience. Remembers answers, by a hash of the token: for 10 seconds
// that it is somebody's, for 2 seconds that it is nobody's; at most kMostKnown of them. Thread-safe.
class Readers {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  explicit Readers(ReviewToken review, Clock now = std::chrono::steady_clock::now);

  // kForbidden unless the token lets read what is that namespace's; kUnavailable when Kubernetes can't be asked, or is
  // asked too much already. No message shows the token.
  Result<void> Check(const std::string& token, const std::string& name_space);

  static constexpr size_t kMostKnown = 1000;
  static constexpr int kMostAtOnce = 8;  // reviews: whoever reaches the port can ask for them

 private:
  using Instant = std::chrono::steady_clock::time_point;
  struct Known {
    std::string name = {};  // empty: nobody's
    Instant until = {};
  };

  Result<std::string> NameOf(const std::string& token);
  void Remember(const std::string& hash, const std::string& name);

  const ReviewToken review_;
  const Clock now_;
  std::mutex mu_;
  std::map<std::string, Known> known_;  // guarded by mu_; by the token's hash
  int under_way_ = 0;                   // guarded by mu_
};

}  // namespace coreflow::data
