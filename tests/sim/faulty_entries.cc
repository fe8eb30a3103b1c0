#include "tests/sim/faulty_entries.h"

#include <utility>

#include "pkg/artifact/blob_entry.h"

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

// Of all that is kept and says something.
std::vector<const std::string*> FaultyEntries::Values() const {
  std::vector<const std::string*> values;
  for (const auto& [name, value] : store_.entries()) {
    if (artifact::DigestOfBlobEntry(name).empty()) values.push_back(&value);
  }
  return values;
}

// Cut, turned in one place, or what is kept under another name.
std::string FaultyEntries::Damaged(const std::string& value) {
  std::string damaged = value;
  switch (dice_.Below(3)) {
    case 0: damaged.resize(dice_.Below(value.size() + 1)); break;
    case 1:
      if (!damaged.empty()) damaged[dice_.Below(damaged.size())] ^= 1;
      break;
    default:
      if (const auto all = Values(); !all.empty()) damaged = *all[dice_.Below(all.size())];
  }
  return damaged;
}

void FaultyEntries::Get(const std::string& name, cache::Entries::Got got) {
  const auto found = store_.entries().find(name);
  const bool there = found != store_.entries().end();
  Result<std::string> answer = Error{.code = Code::kNotFound, .message = "there is none"};
  if (there) answer = found->second;
  Duration delay = std::chrono::milliseconds(dice_.Between(0, kSlowest));
  if (Strikes()) {
    const uint64_t kind = dice_.Below(4);
    if (kind == 0) return;  // silence
    if (kind == 1) delay = std::chrono::seconds(dice_.Between(1, 20));
    if (kind == 2) answer = Down();
    // Of the name of a blob only that it is there says something, and no store makes that up.
    const bool may_be_damaged = there || artifact::DigestOfBlobEntry(name).empty();
    if (kind == 3 && may_be_damaged && !store_.entries().empty()) answer = Damaged(there ? found->second : "");
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
    if (kept) store_.PutEntry(name, kind == 3 && !store_.entries().empty() ? Damaged(value) : value);
    if (kind == 0) return;  // it is there, and nobody hears of it
  } else {
    store_.PutEntry(name, value);
  }
  loop_.After(delay, [done = std::move(done), answer] { done(answer); });
}

void FaultyEntries::GetBlob(const std::string& name_space, const std::string& digest, cache::Blobs::Got got) {
  const SimulatedStore::BlobName blob{.name_space = name_space, .digest = digest};
  const bool there = store_.HasBlob(blob);
  Result<std::string> answer = Error{.code = Code::kNotFound, .message = "there is none"};
  if (there) answer = store_.blobs().at(digest).text;
  Duration delay = std::chrono::milliseconds(dice_.Between(0, kSlowest));
  if (Strikes()) {
    const uint64_t kind = dice_.Below(4);
    if (kind == 0) delay = std::chrono::seconds(dice_.Between(1, 20));
    if (kind == 1 && there) {
      answer = Error{.code = Code::kGone, .message = "it is damaged"};
      store_.LoseBlob(blob, false);
    }
    if (kind > 1) answer = Down();
  }
  loop_.After(delay, [got = std::move(got), answer] { got(answer); });
}

}  // namespace coreflow::sim
