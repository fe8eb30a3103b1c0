#include "pkg/engine/cacheable.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "pkg/engine/contents.h"

namespace coreflow::engine {

namespace {

using json::Value;
using Why = std::optional<std::string>;

Why OfContainers(const Value& pod) {
  for (const char* list : {"initContainers", "sidecars"}) {
    for (const Value& container : pod[list].Elements()) {
      if (!ImageDigest(container["image"].StringOr("")).empty()) continue;
      return fmt::format("container {} is of image {}, which names no digest: pin it with @sha256:…",
                         container["name"].StringOr(""), container["image"].StringOr(""));
    }
  }
  return std::nullopt;
}

Why OfOverrides(const Value& overrides) {
  for (const char* field : {"containers", "initContainers", "volumes"}) {
    if (!overrides[field].IsNull()) return fmt::format("pod.overrides.{} may be anything", field);
  }
  return std::nullopt;
}

}  // namespace

std::string ImageDigest(const std::string& image) {
  constexpr std::string_view kPrefix = "sha256:";
  constexpr size_t kHex = 64;
  if (image.size() < kPrefix.size() + kHex) return "";
  const std::string digest = image.substr(image.size() - kPrefix.size() - kHex);
  const auto is_hex = [](unsigned char c) { return std::isdigit(c) || (c >= 'a' && c <= 'f'); };
  const bool good = digest.starts_with(kPrefix) && std::all_of(digest.begin() + kPrefix.size(), digest.end(), is_hex);
  return good ? digest : "";
}

std::optional<std::string> WhyNotCacheable(const FilledStep& filled) {
  const Value& pod = filled.fields["pod"];
  if (const auto contents = ContentsOf(filled); !contents) return contents.error().message;
  if (auto why = OfContainers(pod)) return why;
  return OfOverrides(pod["overrides"]);
}

}  // namespace coreflow::engine
