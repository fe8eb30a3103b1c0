#include "tests/sim/sweeping_store.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace coreflow::sim {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kSlowest{20};  // each way, when nothing is wrong
constexpr size_t kPage = 16;          // small, so that there are several

Error Down() { return {.code = Code::kUnavailable, .message = "the store is down"}; }
Error NoPartOfASweep() { return {.code = Code::kInternal, .message = "no sweep does that"}; }

}  // namespace

template <typename Answer>
Answer SweepingStore::Call(std::function<Answer()> effect) {
  if (side_.stop().stop_requested()) return Down();
  enum class Trouble { kNone, kSlow, kNotSent, kNoAnswer };
  const bool dies = dice_.Chance(options_.faults.dying);
  const Trouble trouble =
      dice_.Chance(options_.faults.failing) ? static_cast<Trouble>(1 + dice_.Below(3)) : Trouble::kNone;
  const Duration there = dice_.Between(Duration(0), kSlowest);
  Duration back = dice_.Between(Duration(0), kSlowest);
  if (trouble != Trouble::kNone) back += dice_.Between(seconds(1), seconds(20));
  auto answer = std::make_shared<Answer>(Down());
  if (trouble != Trouble::kNotSent) {
    options_.world.After(there, [answer, effect = std::move(effect)] { *answer = effect(); });
  }
  if (dies) options_.process.Post(options_.die);
  options_.process.After(there + back, [this] { side_.Resume(); });
  if (!side_.Wait() || trouble == Trouble::kNoAnswer) return Down();
  return *answer;
}

Result<store::EntryPage> SweepingStore::ListEntries(const std::string& prefix, size_t limit, const std::string& page) {
  return Call<Result<store::EntryPage>>([&store = options_.store, prefix, page, most = std::min(limit, kPage)] {
    store::EntryPage listed;
    const auto& all = store.entries();
    for (auto it = page.empty() ? all.begin() : all.upper_bound(page); it != all.end(); ++it) {
      if (!it->first.starts_with(prefix)) continue;
      if (listed.names.size() == most) {
        listed.next = listed.names.back();
        break;
      }
      listed.names.push_back(it->first);
    }
    return listed;
  });
}

Result<std::string> SweepingStore::GetEntry(const std::string& name) {
  return Call<Result<std::string>>([&store = options_.store, name]() -> Result<std::string> {
    const auto found = store.entries().find(name);
    if (found == store.entries().end()) return Error{.code = Code::kNotFound, .message = "there is none"};
    return found->second;
  });
}

Result<void> SweepingStore::DeleteEntry(const std::string& name) {
  return Call<Result<void>>([&store = options_.store, name]() -> Result<void> {
    store.SweepEntry(name);
    return {};
  });
}

Result<void> SweepingStore::ListBlobs(const std::function<Result<void>(const store::ListedBlob&)>& visit) {
  using Listed = std::vector<store::ListedBlob>;
  TRY(const Listed all, Call<Result<Listed>>([&store = options_.store]() -> Result<Listed> {
        Listed listed;
        for (const auto& [hex, blob] : store.blobs()) {
          TRY(const store::Digest digest, store::Digest::Parse(hex));
          listed.push_back({.blob = {.digest = digest, .size = blob.text.size()}, .age = store.Now() - blob.put});
        }
        return listed;
      }));
  for (const store::ListedBlob& one : all) TRY_VOID(visit(one));
  return {};
}

Result<Duration> SweepingStore::BlobAge(const store::Digest& digest) {
  return Call<Result<Duration>>([&store = options_.store, hex = digest.hex()]() -> Result<Duration> {
    const auto found = store.blobs().find(hex);
    if (found == store.blobs().end()) return Error{.code = Code::kNotFound, .message = "there is none"};
    return store.Now() - found->second.put;
  });
}

Result<void> SweepingStore::DeleteBlob(const store::Digest& digest) {
  return Call<Result<void>>([&store = options_.store, hex = digest.hex()]() -> Result<void> {
    store.SweepBlob(hex);
    return {};
  });
}

Result<void> SweepingStore::SweepLeftovers(Duration) {
  return Call<Result<void>>([]() -> Result<void> { return {}; });
}

Result<store::Blob> SweepingStore::PutBlob(const store::Source&, const store::Expected&) { return NoPartOfASweep(); }
Result<void> SweepingStore::ReadBlob(const store::Digest&, const store::Sink&) { return NoPartOfASweep(); }
Result<void> SweepingStore::ReadBlobRange(const store::Digest&, uint64_t, uint64_t, const store::Sink&) {
  return NoPartOfASweep();
}
Result<uint64_t> SweepingStore::BlobSize(const store::Digest&) { return NoPartOfASweep(); }
Result<void> SweepingStore::PutEntryIfAbsent(const std::string&, const std::string&) { return NoPartOfASweep(); }
Result<void> SweepingStore::PutEntry(const std::string&, const std::string&) { return NoPartOfASweep(); }

}  // namespace coreflow::sim
