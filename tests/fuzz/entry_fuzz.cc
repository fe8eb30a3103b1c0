// Whatever stands in the store under the name of a cached result: it is the result of its key, or none.
#include <cstddef>
#include <cstdint>
#include <string>

#include "pkg/base/check.h"
#include "pkg/cache/entry.h"
#include "pkg/json/parse.h"

namespace {

using coreflow::cache::Entry;
using coreflow::engine::DigestOf;
using coreflow::engine::StepKey;

// The key that the text itself tells, so that most of what is tried comes past the comparison of keys.
StepKey KeyTold(const std::string& text) {
  StepKey key;
  const auto told = coreflow::json::Parse(text);
  if (!told) return key;
  for (const auto& [name, value] : (*told)["parts"].Members()) key.parts[name] = value.StringOr("");
  return key;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(coreflow::cache::DecodeNearest(text));
  const std::string digest = DigestOf(KeyTold(text));
  const auto entry = coreflow::cache::Decode(text, digest);
  if (!entry) return 0;
  CHECK(DigestOf(entry->key) == digest, "it is of the key that it was asked for");
  for (const auto& [name, artifact] : entry->artifacts) {
    CHECK(artifact.digest.size() == 64 && artifact.bytes >= 0, "an artifact has a digest and a size");
  }
  const auto again = coreflow::cache::Decode(coreflow::cache::Encode(*entry), digest);
  CHECK(again && *again == *entry, "it is kept as it was read");
  CHECK(coreflow::cache::Explain(entry->key, entry->key).empty(), "nothing differs from itself");
  return 0;
}
