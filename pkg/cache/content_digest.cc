#include "pkg/cache/content_digest.h"

#include <utility>

#include "pkg/base/hex.h"
#include "pkg/base/hmac.h"
#include "pkg/cache/contents.h"
#include "pkg/json/write.h"

namespace coreflow::cache {

namespace {

constexpr char kPurpose[] = "coreflow-cache-contents-1";

std::string Sign(const Secret<std::string>& key, const std::string& text) {
  return ToHex(HmacSha256(key.Reveal(), text));
}

}  // namespace

Secret<std::string> ContentKey(const Secret<std::string>& store_key) { return Secret(Sign(store_key, kPurpose)); }

// As one JSON text, in which no part can run into the next.
std::string DigestOfContent(const Secret<std::string>& key, const std::string& name_space,
                            const engine::Content& content, const json::Value& object) {
  json::Object what{{"namespace", name_space},
                    {"kind", engine::KindName(content.kind)},
                    {"name", content.name},
                    {"key", content.key}};
  bool there = content.key.empty();
  for (const char* field : {"data", "binaryData"}) {
    const json::Value& values = content.key.empty() ? object[field] : object[field][content.key];
    if (values.IsNull()) continue;
    what[field] = values;
    there = true;
  }
  return there ? Sign(key, json::WriteCanonical(std::move(what))) : kAbsent;
}

}  // namespace coreflow::cache
