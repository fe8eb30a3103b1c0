#include "pkg/cache/image_digests.h"

#include <algorithm>

#include "pkg/base/hash.h"
#include "pkg/engine/cacheable.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::cache {

namespace {

// How far a stored time lags behind at most, so that not each of a thousand pods writes it.
constexpr Duration kWriteAgain = std::chrono::hours(1);

std::string EntryNameOf(const std::string& name_space, const std::string& image) {
  return name_space + "/images/" + Sha256Hex(image);
}

}  // namespace

std::string ImageDigests::Fresh(const Seen& seen) const { return loop_.Now() < seen.when + keep_ ? seen.digest : ""; }

void ImageDigests::Find(const std::string& name_space, const std::string& image,
                        const std::function<void(const std::string& digest)>& found) {
  if (std::string pinned = engine::ImageDigest(image); !pinned.empty()) return found(pinned);
  const Name name(name_space, image);
  if (const auto seen = seen_.find(name); seen != seen_.end()) return found(Fresh(seen->second));
  entries_.Get(EntryNameOf(name_space, image),
               [this, name, found, alive = std::weak_ptr<bool>(alive_)](const Result<std::string>& text) {
                 if (alive.expired()) return;
                 const auto stored = text ? json::Parse(*text) : Result<json::Value>(text.error());
                 // Another may have run meanwhile.
                 if (stored && !seen_.contains(name) && (*stored)["image"].StringOr("") == name.second) {
                   const auto when = ParseTime((*stored)["seen"].StringOr(""));
                   const std::string digest = engine::ImageDigest((*stored)["digest"].StringOr(""));
                   if (when && !digest.empty()) seen_[name] = {.digest = digest, .when = std::min(*when, loop_.Now())};
                 }
                 const auto seen = seen_.find(name);
                 found(seen == seen_.end() ? "" : Fresh(seen->second));
               });
}

void ImageDigests::Note(const std::string& name_space, const std::string& image, const std::string& digest) {
  Seen& seen = seen_[{name_space, image}];
  const Time now = loop_.Now();
  if (seen.digest == digest && now < seen.when + kWriteAgain) return;
  seen = {.digest = digest, .when = now};
  json::Object object{{"image", image}, {"digest", digest}, {"seen", FormatTime(now)}};
  entries_.Put(EntryNameOf(name_space, image), json::Write(std::move(object)), [](const Result<void>&) {});
}

}  // namespace coreflow::cache
