#include "tests/sim/faulty_entries.h"

#include <iterator>
#include <utility>

#include "pkg/base/hash.h"

namespace coreflow::sim {

namespace {

constexpr int64_t kSlowest = 40;  // milliseconds, when nothing is wrong

Error Down() { return Error{.code = Code::kUnavailable, .message = "the store is down"}; }

}  // namespace

bool FaultyEntries::Strikes() {
  if (!dice_.Chance(faults_)) return false;
  on_struck_();
  return true;
}

// Cut, turned in one place, or what is kept under another name.
std::string FaultyEntries::Damaged(const std::string& value) {
  std::string damaged = value;
  switch (dice_.Below(3)) {
    case 0: damaged.resize(dice_.Below(value.size() + 1)); break;
    case 1:
      if (!damaged.empty()) damaged[dice_.Below(damaged.size())] ^= 1;
      break;
    default: damaged = std::next(values_.begin(), static_cast<int64_t>(dice_.Below(values_.size())))->second;
  }
  return damaged;
}

void FaultyEntries::Get(const std::string& name, cache::Entries::Got got) {
  const auto found = values_.find(name);
  Result<std::string> answer = Error{.code = Code::kNotFound, .message = "there is none"};
  if (found != values_.end()) answer = found->second;
  Duration delay = std::chrono::milliseconds(dice_.Between(0, kSlowest));
  if (Strikes()) {
    const uint64_t kind = dice_.Below(4);
    if (kind == 0) return;  // silence
    if (kind == 1) delay = std::chrono::seconds(dice_.Between(1, 20));
    if (kind == 2) answer = Down();
    if (kind == 3 && !values_.empty()) answer = Damaged(found == values_.end() ? "" : found->second);
  }
  loop_.After(delay, [got = std::move(got), answer] { got(answer); });
}

void FaultyEntries::Put(const std::string& name, const std::string& value, Done done) {
  Result<void> answer;
  Duration delay = std::chrono::milliseconds(dice_.Between(0, kSlowest));
  bool kept = true;
  if (Strikes()) {
    const uint64_t kind = dice_.Below(4);
    kept = kind != 2;
    if (kind == 2) answer = Down();
    if (kind == 1) delay = std::chrono::seconds(dice_.Between(1, 20));
    if (kept) values_[name] = kind == 3 && !values_.empty() ? Damaged(value) : value;
    if (kind == 0) return;  // it is there, and nobody hears of it
  } else {
    values_[name] = value;
  }
  loop_.After(delay, [done = std::move(done), answer] { done(answer); });
}

void FaultyEntries::PutBlob(const std::string& text) { blobs_[Sha256Hex(text)] = text; }

void FaultyEntries::GetBlob(const std::string&, const std::string& digest, cache::Blobs::Got got) {
  const auto found = blobs_.find(digest);
  Result<std::string> answer = Error{.code = Code::kNotFound, .message = "there is none"};
  if (found != blobs_.end()) answer = found->second;
  Duration delay = std::chrono::milliseconds(dice_.Between(0, kSlowest));
  if (Strikes()) {
    const uint64_t kind = dice_.Below(4);
    if (kind == 0) delay = std::chrono::seconds(dice_.Between(1, 20));
    if (kind == 1 && found != blobs_.end()) {
      answer = Error{.code = Code::kGone, .message = "it is damaged"};
      on_lost_(digest);
      blobs_.erase(found);
    }
    if (kind > 1) answer = Down();
  }
  loop_.After(delay, [got = std::move(got), answer] { got(answer); });
}

}  // namespace coreflow::sim
