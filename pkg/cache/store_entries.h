#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "pkg/base/loop.h"
#include "pkg/cache/blobs.h"
#include "pkg/cache/blobs_in_use.h"
#include "pkg/cache/entries.h"
#include "pkg/store/store.h"

namespace coreflow::cache {

// The entries and blobs of a store, whose calls block, from a few threads of its own. On the loop's thread; store and
// loop outlive it. Destroying it waits for what is under way and for all that was put, but once the store does not
// answer a put the others are given up. It sweeps the store once an hour, and each time so much was put that it could
// be full before; one sweep at a time.
class StoreEntries final : public Entries, public Blobs {
 public:
  struct Options {
    int threads = 4;
    int64_t puts_per_sweep = 10'000;
    // What runs refer to, on the loop's thread. nullopt: nothing is to be swept now, such as where another replica
    // does it. Empty: never.
    std::function<std::optional<BlobsInUse>()> in_use = {};
  };

  StoreEntries(Loop& loop, store::Store& store, Options options);
  ~StoreEntries() override;

  void Get(const std::string& name, Entries::Got got) override;
  void Put(const std::string& name, const std::string& value, Done done) override;
  void GetBlob(const std::string& name_space, const std::string& digest, Blobs::Got got) override;

 private:
  // What is to be done by one of the threads.
  struct Work {
    std::function<Result<void>()> run = {};
    bool is_put = false;  // done also when this is being destroyed
  };
  void Queue(Work work);
  void SweepNow();
  void SweepLater();
  void Run();
  // Calls back on the loop's thread, if this is still there.
  template <typename Answer>
  void Tell(const std::function<void(const Answer&)>& told, Answer answer);

  Loop& loop_;
  store::Store& store_;
  const Options options_;
  int64_t puts_ = 0;       // since the last sweep began
  bool sweeping_ = false;  // on the loop's thread, as is puts_
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::mutex mu_;
  std::condition_variable wake_;
  bool stopping_ = false;   // guarded by mu_
  std::deque<Work> queue_;  // guarded by mu_
  std::stop_source stop_;
  std::vector<std::thread> threads_;
};

}  // namespace coreflow::cache
