#include "pkg/cache/store_entries.h"

#include <chrono>
#include <utility>

#include "pkg/artifact/blob_entry.h"
#include "pkg/base/output_limits.h"
#include "pkg/cache/store_sweep.h"

namespace coreflow::cache {

namespace {

constexpr Duration kSweepEvery = std::chrono::hours(1);

Result<std::string> ReadSmallBlob(store::Store& store, const std::string& name_space, const std::string& hex) {
  TRY(const store::Digest digest, store::Digest::Parse(hex));
  // What others have put is not this namespace's to read, whatever it can name.
  const auto named = store.GetEntry(artifact::BlobEntry(name_space, hex));
  if (!named) return named.error();
  std::string text;
  TRY_VOID(store.ReadBlob(digest, [&](std::string_view piece) -> Result<void> {
    if (text.size() + piece.size() > kMostOutputs) {
      return Error{.code = Code::kInvalid, .message = "the blob has more than 1 MiB"};
    }
    text += piece;
    return {};
  }));
  return text;
}

}  // namespace

StoreEntries::StoreEntries(Loop& loop, store::Store& store, Options options)
    : loop_(loop), store_(store), options_(std::move(options)) {
  for (int i = 0; i < options_.threads; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
  SweepLater();
}

void StoreEntries::SweepLater() {
  loop_.After(kSweepEvery, [this, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired()) return;
    SweepNow();
    SweepLater();
  });
}

void StoreEntries::SweepNow() {
  if (sweeping_) return;
  puts_ = 0;
  std::optional<BlobsInUse> in_use = options_.in_use ? options_.in_use() : std::nullopt;
  if (!in_use) return;
  sweeping_ = true;
  Queue({.run = [this, now = loop_.Now(), in_use = *std::move(in_use)]() -> Result<void> {
    // What can't be swept now is swept the next time.
    Tell<Result<int64_t>>([this](const auto&) { sweeping_ = false; },
                          SweepStore(store_, now, in_use, stop_.get_token()));
    return {};
  }});
}

StoreEntries::~StoreEntries() {
  {
    const std::lock_guard lock(mu_);
    stopping_ = true;
  }
  stop_.request_stop();
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

template <typename Answer>
void StoreEntries::Tell(const std::function<void(const Answer&)>& told, Answer answer) {
  loop_.Post([told, answer = std::move(answer), alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) told(answer);
  });
}

void StoreEntries::Get(const std::string& name, Entries::Got got) {
  Queue({.run = [this, name, got = std::move(got)]() -> Result<void> {
    Tell<Result<std::string>>(got, store_.GetEntry(name));
    return {};
  }});
}

void StoreEntries::Put(const std::string& name, const std::string& value, Done done) {
  Queue({.run = [this, name, value, done = std::move(done)]() -> Result<void> {
           auto put = store_.PutEntry(name, value);
           Tell<Result<void>>(done, put);
           return put;
         },
         .is_put = true});
  if (++puts_ >= options_.puts_per_sweep) SweepNow();
}

void StoreEntries::GetBlob(const std::string& name_space, const std::string& digest, Blobs::Got got) {
  Queue({.run = [this, name_space, digest, got = std::move(got)]() -> Result<void> {
    Tell<Result<std::string>>(got, ReadSmallBlob(store_, name_space, digest));
    return {};
  }});
}

void StoreEntries::Queue(Work work) {
  {
    const std::lock_guard lock(mu_);
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void StoreEntries::Run() {
  for (;;) {
    Work work;
    {
      std::unique_lock lock(mu_);
      wake_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;  // what was put is there before
      work = std::move(queue_.front());
      queue_.pop_front();
      if (stopping_ && !work.is_put) continue;  // nobody hears of it
    }
    const auto done = work.run();
    if (done || done.error().code != Code::kUnavailable) continue;
    // Else ending would take as long as the store is down.
    const std::lock_guard lock(mu_);
    if (stopping_) queue_.clear();
  }
}

}  // namespace coreflow::cache
