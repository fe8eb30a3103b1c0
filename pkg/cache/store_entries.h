#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "pkg/base/loop.h"
#include "pkg/cache/entries.h"
#include "pkg/store/store.h"

namespace coreflow::cache {

// The entries of a store, whose calls block, from a few threads of its own. On the loop's thread; store and loop
// outlive it. Destroying it waits for all that was asked for. Once an hour it sweeps the store.
class StoreEntries final : public Entries {
 public:
  StoreEntries(Loop& loop, store::Store& store, int threads);
  ~StoreEntries() override;

  void Get(const std::string& name, Got got) override;
  void Put(const std::string& name, const std::string& value, Done done) override;

 private:
  void Queue(std::function<void()> work);
  void SweepLater();
  void Run();
  // Calls back on the loop's thread, if this is still there.
  template <typename Answer>
  void Tell(const std::function<void(const Answer&)>& told, Answer answer);

  Loop& loop_;
  store::Store& store_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::mutex mu_;
  std::condition_variable wake_;
  bool stopping_ = false;                    // guarded by mu_
  std::deque<std::function<void()>> queue_;  // guarded by mu_
  std::stop_source stop_;
  std::vector<std::thread> threads_;
};

}  // namespace coreflow::cache
