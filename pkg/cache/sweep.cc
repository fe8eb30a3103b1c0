#include "pkg/cache/sweep.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <utility>

#include "pkg/artifact/artifact.h"
#include "pkg/artifact/blob_entry.h"
#include "pkg/json/parse.h"

namespace coreflow::cache {

namespace {

constexpr uint64_t kBlock = 4096;

constexpr std::string_view kResults = "/results/";

std::string_view NameSpaceOf(std::string_view name) { return name.substr(0, name.find('/')); }

bool IsOf(std::string_view name, std::string_view kind) {
  return name.substr(NameSpaceOf(name).size()).starts_with(kind);
}

// What is kept for a time only; the store has more, such as keys.
bool IsSwept(std::string_view name) {
  return IsOf(name, kResults) || IsOf(name, "/nearest/") || IsOf(name, "/images/");
}

// What is not read as one of ours is as old as can be.
Time WrittenAt(const json::Value& value) {
  const std::string when = value["kept"].StringOr(value["seen"].StringOr(value["at"].StringOr("")));
  return ParseTime(when).value_or(Time{});
}

json::Value Read(const std::string& text) {
  auto value = json::Parse(text);
  return value ? *std::move(value) : json::Value();
}

class Sweeper {
 public:
  Sweeper(store::Store& store, Time now, BlobsInUse in_use, const std::stop_token& stop)
      : store_(store), now_(now), in_use_(std::move(in_use)), stop_(stop) {}

  Result<int64_t> Sweep(const SweepLimits& limits) {
    std::string page;
    do {
      TRY(store::EntryPage listed, store_.ListEntries("", store::kMostEntriesOfPage, page));
      for (const std::string& name : listed.names) {
        if (stop_.stop_requested()) return int64_t{0};
        Look(name);
      }
      page = std::move(listed.next);
    } while (!page.empty());
    for (const std::string& name : PlanSweep(std::move(values_), now_, limits)) TRY_VOID(Delete(name));
    for (const std::string& name : blobs_) {
      // One that was put again since is young.
      if (MayGo(name)) TRY_VOID(Delete(name));
    }
    return deleted_;
  }

 private:
  void Look(const std::string& name) {
    if (!artifact::DigestOfBlobEntry(name).empty()) {
      if (MayGo(name)) blobs_.push_back(name);
      return;
    }
    if (!IsSwept(name)) return;
    const auto text = store_.GetEntry(name);
    if (!text) {
      // It may be had the next time, and then what it refers to has to be there.
      if (text.error().code != Code::kNotFound && IsOf(name, kResults)) unread_.emplace(NameSpaceOf(name));
      return;
    }
    const json::Value value = Read(*text);
    const uint64_t bytes = (text->size() + kBlock - 1) / kBlock * kBlock;
    values_.push_back({.name = name, .written = WrittenAt(value), .bytes = std::max(kBlock, bytes)});
    if (!IsOf(name, kResults)) return;
    // Also when this result goes now: somebody may just be taking it.
    for (const auto& [artifact, stored] : artifact::ReadArtifacts(value["artifacts"])) {
      in_use_.Add(BlobsInUse::HashOf(NameSpaceOf(name), stored.digest));
    }
  }

  bool MayGo(const std::string& name) const {
    if (unread_.contains(NameSpaceOf(name))) return false;
    if (in_use_.Has(NameSpaceOf(name), artifact::DigestOfBlobEntry(name))) return false;
    const auto text = store_.GetEntry(name);
    return text && now_ - WrittenAt(Read(*text)) > store::kSpared;
  }

  // One that can't be deleted holds up no other, but for a store that is down.
  Result<void> Delete(const std::string& name) {
    if (stop_.stop_requested()) return {};
    const auto deleted = store_.DeleteEntry(name);
    if (deleted) ++deleted_;
    return !deleted && deleted.error().code == Code::kUnavailable ? deleted : Result<void>();
  }

  store::Store& store_;
  const Time now_;
  BlobsInUse in_use_;
  const std::stop_token stop_;
  std::vector<SweptValue> values_;
  std::vector<std::string> blobs_;             // that may go, unless a result names them
  std::set<std::string, std::less<>> unread_;  // namespaces with a result that could not be read now
  int64_t deleted_ = 0;
};

}  // namespace

std::vector<std::string> PlanSweep(std::vector<SweptValue> values, Time now, const SweepLimits& limits) {
  std::ranges::sort(values, {}, [](const SweptValue& value) { return std::pair(value.written, value.name); });
  uint64_t total = 0;
  for (const SweptValue& value : values) total += value.bytes;
  const uint64_t wanted = total > limits.max_bytes ? limits.max_bytes / 10 * 9 : limits.max_bytes;
  std::vector<std::string> names;
  for (const SweptValue& value : values) {
    if (now - value.written <= limits.max_age && total <= wanted) break;
    total -= value.bytes;
    names.push_back(value.name);
  }
  return names;
}

Result<int64_t> Sweep(store::Store& store, Time now, const SweepLimits& limits, BlobsInUse in_use,
                      const std::stop_token& stop) {
  return Sweeper(store, now, std::move(in_use), stop).Sweep(limits);
}

}  // namespace coreflow::cache
