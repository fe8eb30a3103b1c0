#include "pkg/http/cpprest_pool.h"

#include <openssl/ssl.h>
#include <pplx/pplxtasks.h>  // what threadpool.h forgets
#include <pplx/threadpool.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "pkg/http/worker.h"

namespace coreflow::http {

namespace {

// One thread would save a sixth of the CPU, for the continuations hop between two. But the library itself waits on a
// pool thread here and there, for what only another pool thread can do.
constexpr int kPoolThreads = 2;
// Where such a wait goes on, the threads can't all come together until it has ended: they part again after this.
constexpr std::chrono::milliseconds kPatience{20};
constexpr int kAttempts = 100;

// Where the threads of the pool come together, the last of them does the work.
class Meeting {
 public:
  explicit Meeting(std::function<void()>& work) : work_(work) {}

  void Attend() {
    std::unique_lock lock(mu_);
    if (over_) return;
    if (++present_ == kPoolThreads) {
      work_();
      took_place_ = true;
      End();
    } else if (!ended_.wait_for(lock, kPatience, [this] { return over_; })) {
      End();
    }
  }

  // Whether it took place.
  bool Wait() {
    std::unique_lock lock(mu_);
    ended_.wait(lock, [this] { return over_; });
    return took_place_;
  }

 private:
  void End() {
    over_ = true;
    ended_.notify_all();
  }

  std::mutex mu_;
  std::condition_variable ended_;
  std::function<void()>& work_;  // not called after Wait() has returned
  int present_ = 0;              // guarded by mu_, as what follows
  bool over_ = false;
  bool took_place_ = false;
};

void CallTogether(std::function<void()>& work) {
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    auto meeting = std::make_shared<Meeting>(work);
    for (int thread = 0; thread < kPoolThreads; ++thread) {
      crossplat::threadpool::shared_instance().service().post([meeting] { meeting->Attend(); });
    }
    if (meeting->Wait()) return;
  }
  work();
}

}  // namespace

void FixCpprestPool() {
  static std::once_flag once;
  std::call_once(once, [] {
    // At the process' exit what began first ends last: the pool's threads still close connections when OpenSSL would be
    // gone, and wait for it for ever.
    OPENSSL_init_ssl(0, nullptr);
    try {
      crossplat::threadpool::initialize_with_threads(kPoolThreads);
    } catch (const std::exception&) {
      // Someone used the library before: the pool has the size it has.
    }
  });
}

void RunAloneInCpprestPool(std::function<void()> work) {
  // One at a time, or two meetings would each wait for a thread that is at the other one. As the pool, it stays until
  // the process ends.
  static auto* const caller = new Worker;
  caller->Post([work = std::move(work)]() mutable { CallTogether(work); });
}

}  // namespace coreflow::http
