#include "pkg/cache/step_cache.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "pkg/artifact/blob_entry.h"
#include "pkg/engine/cacheable.h"

namespace coreflow::cache {

namespace {

using engine::CacheVerdict;
using Decision = CacheVerdict::Decision;

constexpr char kSilentStore[] = "the store does not answer";
constexpr char kSilentServer[] =
    "the API server does not answer, so what the Secrets and ConfigMaps of the step have is not known";

int64_t Seconds(Duration duration) { return std::chrono::duration_cast<std::chrono::seconds>(duration).count(); }

int64_t SecondsOf(const engine::ItemResult& result) {
  if (!result.start_time || !result.completion_time) return 0;
  return std::max<int64_t>(0, Seconds(*result.completion_time - *result.start_time));
}

engine::StepKey With(const Parts& parts, engine::StepKey key) {
  for (const auto& [name, digest] : parts) key.parts[name] = digest;
  return key;
}

}  // namespace

StepCache::StepCache(Loop& loop, Entries& entries, Options options)
    : loop_(loop), entries_(entries), options_(options), images_(loop, entries, options.images_kept) {}

void StepCache::LookUp(const std::string& name_space, const std::string& uid, const engine::LookUpCache& look,
                       Answered answered) {
  Leave({.of = look.of});
  owners_[look.of] = uid;
  wishes_[look.of] = {.name_space = name_space, .look = look, .answered = std::move(answered)};
  Begin(look.of);
}

// What comes too late, or twice, finds nobody.
uint64_t StepCache::Expect(const std::string& of, Next next, const char* silence) {
  Wish& wish = wishes_.at(of);
  wish.turn = ++turns_;
  wish.next = std::move(next);
  wish.since = loop_.Monotonic();
  wish.silence = silence;
  Watch();
  return wish.turn;
}

void StepCache::Arrive(const std::string& of, uint64_t turn, const Result<std::string>& text) {
  const auto found = wishes_.find(of);
  if (found == wishes_.end() || found->second.turn != turn || !found->second.next) return;
  std::exchange(found->second.next, nullptr)(text);
}

void StepCache::Ask(const std::string& of, const std::string& name, Next next) {
  const uint64_t turn = Expect(of, std::move(next), kSilentStore);
  entries_.Get(name, [this, of, turn, alive = std::weak_ptr<bool>(alive_)](const Result<std::string>& text) {
    if (!alive.expired()) Arrive(of, turn, text);
  });
}

// Who keeps silent must not hold up a run.
void StepCache::Watch() {
  if (std::exchange(watching_, true)) return;
  loop_.After(options_.patience / 2, [this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) GiveUpSilent();
  });
}

void StepCache::GiveUpSilent() {
  watching_ = false;
  const Duration latest = loop_.Monotonic() - options_.patience;
  std::vector<std::pair<std::string, uint64_t>> silent;
  for (const auto& [of, wish] : wishes_) {
    if (wish.next && wish.since <= latest) silent.emplace_back(of, wish.turn);
  }
  for (const auto& [of, turn] : silent) {
    const auto found = wishes_.find(of);  // the end of another may have ended it
    if (found == wishes_.end()) continue;
    Arrive(of, turn, Error{.code = Code::kUnavailable, .message = found->second.silence});
  }
  std::vector<std::string> unkept;
  for (const auto& [of, keeping] : keeping_) {
    if (keeping.since <= latest) unkept.push_back(of);
  }
  for (const std::string& of : unkept) Leave({.of = of});
  const bool waits = std::ranges::any_of(wishes_, [](const auto& wish) { return bool(wish.second.next); });
  if (waits || !keeping_.empty()) Watch();
}

// The contents first: they are remembered also of an image that is not known yet.
void StepCache::Begin(const std::string& of) {
  const Wish& wish = wishes_.at(of);
  if (wish.look.contents.empty()) return FindImage(of);
  auto parts = std::make_shared<Parts>();
  const uint64_t turn = Expect(
      of, [this, of, parts](const Result<std::string>& done) { OnContents(of, done, *parts); }, kSilentServer);
  FindParts(options_.contents, wish.name_space, wish.look.contents,
            [this, of, turn, parts, alive = std::weak_ptr<bool>(alive_)](const Result<Parts>& found) {
              if (alive.expired()) return;
              if (found) *parts = *found;
              Arrive(of, turn, found ? Result<std::string>(std::string()) : Result<std::string>(found.error()));
            });
}

void StepCache::OnContents(const std::string& of, const Result<std::string>& done, const Parts& parts) {
  read_.erase(of);
  if (!done) return Answer(of, {.decision = Decision::kNotCacheable, .because = done.error().message});
  read_[of] = parts;
  FindImage(of);
}

void StepCache::FindImage(const std::string& of) {
  const uint64_t turn = Expect(
      of, [this, of](const Result<std::string>& digest) { OnImage(of, digest); }, kSilentStore);
  const Wish& wish = wishes_.at(of);
  const auto image = wish.look.key.parts.find("image");
  images_.Find(wish.name_space, image == wish.look.key.parts.end() ? "" : image->second,
               [this, of, turn, alive = std::weak_ptr<bool>(alive_)](const std::string& digest) {
                 if (!alive.expired()) Arrive(of, turn, digest);
               });
}

void StepCache::OnImage(const std::string& of, const Result<std::string>& digest) {
  Wish& wish = wishes_.at(of);
  if (!digest || digest->empty()) {
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(options_.images_kept).count();
    const std::string why =
        digest ? fmt::format(
                     "no pod of image {} was seen here in {} hours, so what it is now is not known; pin it with "
                     "@sha256:… to do without",
                     wish.look.key.parts["image"], hours)
               : digest.error().message;
    return Answer(of, {.decision = Decision::kNotCacheable, .because = why});
  }
  const auto read = read_.find(of);
  wish.key = Stored(With(read == read_.end() ? Parts() : read->second, wish.look.key), *digest);
  wish.digest = engine::DigestOf(wish.key);
  if (wish.look.refresh) return Answer(of, {.decision = Decision::kRefreshed, .key = wish.digest});
  if (flights_.Join(wish.name_space + "/" + wish.digest, of)) GetEntry(of);
}

void StepCache::GetEntry(const std::string& of) {
  const Wish& wish = wishes_.at(of);
  Ask(of, EntryName(wish.name_space, wish.digest), [this, of](const auto& text) { OnEntry(of, text); });
}

void StepCache::OnEntry(const std::string& of, const Result<std::string>& text) {
  const Wish& wish = wishes_.at(of);
  if (!text) {
    if (text.error().code != Code::kNotFound) return Miss(of, text.error().message);
    return ExplainMiss(of, "nothing was kept for this step before");
  }
  const auto entry = Decode(*text, wish.digest);
  if (!entry) {
    ++counts_.damaged;
    return Miss(of, "what is kept is damaged: " + entry.error().message);
  }
  const Duration age = loop_.Now() - entry->kept;
  if (wish.look.max_age && age > *wish.look.max_age) {
    return Miss(
        of, fmt::format("what is kept is {} s old; cache.ttlSeconds is {}", Seconds(age), Seconds(*wish.look.max_age)));
  }
  std::vector<std::string> wanted;
  for (const auto& [name, artifact] : entry->artifacts) wanted.push_back(name);
  CheckArtifacts(of, *entry, std::move(wanted));
}

// A result whose artifacts are gone is none: whoever takes it needs them. What was printed nobody needs.
void StepCache::CheckArtifacts(const std::string& of, const Entry& entry, std::vector<std::string> wanted) {
  if (wanted.empty()) return Hit(of, entry);
  const std::string name = std::move(wanted.back());
  wanted.pop_back();
  const std::string blob = artifact::BlobEntry(wishes_.at(of).name_space, entry.artifacts.at(name).digest);
  Ask(of, blob, [this, of, entry = entry, name, wanted = std::move(wanted)](const auto& text) mutable {
    if (!text && name != artifact::kLogArtifact) return Miss(of, "an artifact of what is kept is not there any more");
    if (!text) entry.artifacts.erase(name);
    CheckArtifacts(of, entry, std::move(wanted));
  });
}

void StepCache::Hit(const std::string& of, const Entry& entry) {
  Answer(of,
         {.decision = Decision::kHit, .key = wishes_.at(of).digest, .from = entry.run, .saved_seconds = entry.seconds},
         {.exit_code = entry.exit_code, .outputs = entry.outputs, .artifacts = entry.artifacts});
}

// Against what was kept last for the same item of the same step.
void StepCache::ExplainMiss(const std::string& of, const std::string& otherwise) {
  const Wish& wish = wishes_.at(of);
  Ask(of, NearestName(wish.name_space, wish.look.nearest), [this, of, otherwise](const Result<std::string>& nearest) {
    const std::string before = nearest ? DecodeNearest(*nearest) : "";
    if (before.empty()) return Miss(of, otherwise);
    const Wish& asked = wishes_.at(of);
    const std::string name = EntryName(asked.name_space, before);
    Ask(of, name, [this, of, before, otherwise](const Result<std::string>& text) {
      const auto entry = text ? Decode(*text, before) : Result<Entry>(text.error());
      if (!entry) return Miss(of, "what was kept for this step before is not there any more");
      Miss(of, Explain(entry->key, wishes_.at(of).key));
    });
  });
}

void StepCache::Miss(const std::string& of, std::string because) {
  Answer(of, {.decision = Decision::kMiss, .key = wishes_.at(of).digest, .because = std::move(because)});
}

void StepCache::Answer(const std::string& of, CacheVerdict verdict, engine::ItemResult result) {
  const Wish wish = std::move(wishes_.extract(of).mapped());
  const bool computes = verdict.decision == Decision::kMiss;
  counts_.hits += verdict.decision == Decision::kHit ? 1 : 0;
  loop_.Post([answered = wish.answered, alive = std::weak_ptr<bool>(alive_),
              answer = engine::CacheAnswered{.of = of, .verdict = std::move(verdict), .result = std::move(result)}] {
    if (!alive.expired()) answered(answer);
  });
  if (computes) return;
  if (!read_.contains(of)) owners_.erase(of);
  Wake(flights_.Leave(of));
}

void StepCache::Wake(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (wishes_.contains(name)) Begin(name);
  }
}

void StepCache::Compute(const std::string& name_space, const std::string& uid, const engine::ComputeForCache& compute) {
  wishes_.erase(compute.of);
  read_.erase(compute.of);
  owners_[compute.of] = uid;
  Wake(flights_.Take(name_space + "/" + compute.key, compute.of));
}

void StepCache::Put(const std::string& name, const std::string& value, std::function<void()> done) {
  entries_.Put(name, value, [done = std::move(done), alive = std::weak_ptr<bool>(alive_)](const auto&) {
    if (!alive.expired()) done();
  });
}

void StepCache::Keep(const std::string& name_space, const engine::KeepInCache& keep) {
  const auto image = keep.key.parts.find("image");
  const std::string name = image == keep.key.parts.end() ? "" : image->second;
  std::string digest = engine::ImageDigest(name);
  const bool pinned = !digest.empty();
  if (!pinned) digest = engine::ImageDigest(keep.image_id);
  if (digest.empty()) return Leave({.of = keep.of});
  if (!pinned) images_.Note(name_space, name, digest);
  if (keep.contents.empty()) return KeepEntry(name_space, keep, digest, {});
  const uint64_t turn = ++turns_;
  keeping_[keep.of] = {.since = loop_.Monotonic(), .turn = turn};
  Watch();
  FindParts(options_.contents, name_space, keep.contents,
            [this, name_space, keep, digest, turn, alive = std::weak_ptr<bool>(alive_)](const Result<Parts>& parts) {
              if (alive.expired()) return;
              const auto keeping = keeping_.find(keep.of);
              if (keeping == keeping_.end() || keeping->second.turn != turn) return;
              const auto read = read_.find(keep.of);
              if (!parts || read == read_.end() || *parts != read->second) return Leave({.of = keep.of});
              KeepEntry(name_space, keep, digest, *parts);
            });
}

void StepCache::KeepEntry(const std::string& name_space, const engine::KeepInCache& keep,
                          const std::string& image_digest, const Parts& parts) {
  const Entry entry{.key = Stored(With(parts, keep.key), image_digest),
                    .outputs = keep.result.outputs,
                    .artifacts = keep.result.artifacts,
                    .exit_code = keep.result.exit_code,
                    .run = keep.run,
                    .seconds = SecondsOf(keep.result),
                    .kept = loop_.Now()};
  const std::string key = engine::DigestOf(entry.key);
  keeping_[keep.of] = {.since = loop_.Monotonic()};
  Watch();
  Put(EntryName(name_space, key), Encode(entry), [this, of = keep.of] { Leave({.of = of}); });
  Put(NearestName(name_space, keep.nearest), EncodeNearest(key, loop_.Now()), [] {});
}

void StepCache::Leave(const engine::LeaveCache& leave) {
  wishes_.erase(leave.of);
  owners_.erase(leave.of);
  read_.erase(leave.of);
  keeping_.erase(leave.of);
  Wake(flights_.Leave(leave.of));
}

void StepCache::LeaveAll(const std::string& uid) {
  std::vector<std::string> names;
  for (const auto& [name, owner] : owners_) {
    if (owner == uid) names.push_back(name);
  }
  for (const std::string& name : names) Leave({.of = name});
}

}  // namespace coreflow::cache
