#include "pkg/engine/names.h"

#include <fmt/format.h>

#include "pkg/base/hash.h"

namespace coreflow::engine {

namespace {

constexpr size_t kHashLength = 10;
constexpr size_t kMaxName = 63;

// `text` cut to `length` characters, fit to stand before a dash: dots become dashes, none stand at the end.
std::string Readable(std::string_view text, size_t length) {
  std::string out(text.substr(0, length));
  for (char& c : out) {
    if (c == '.') c = '-';
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out.empty() ? "x" : out;
}

}  // namespace

std::string RunId(std::string_view uid, int32_t run) { return NameHash(fmt::format("{}/{}", uid, run), 16); }

std::string PodName(std::string_view object_name, std::string_view uid, int32_t run, std::string_view step,
                    int32_t item, int32_t attempt) {
  std::string hash = NameHash(fmt::format("{}/{}/{}/{}/{}", uid, run, step, item, attempt), kHashLength);
  std::string readable = fmt::format("{}-{}-{}", Readable(object_name, 24), Readable(step, 18), item);
  return fmt::format("{}-{}", Readable(readable, kMaxName - kHashLength - 1), hash);
}

std::string RecordName(std::string_view object_name, std::string_view uid, int32_t run, int32_t index) {
  std::string hash = NameHash(fmt::format("{}/{}", uid, run), kHashLength);
  return fmt::format("{}-{}-r{}-{}", Readable(object_name, 30), hash, run, index);
}

int32_t Bucket(std::string_view namespace_name) { return static_cast<int32_t>(Fnv1a64(namespace_name) % kBuckets); }

}  // namespace coreflow::engine
