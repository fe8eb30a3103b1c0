#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "pkg/artifact/artifact.h"
#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/engine/step_key.h"
#include "pkg/json/value.h"

namespace coreflow::cache {

// A kept result. Others may write to the store as well, so nothing of what is read is believed that can be checked.
struct Entry {
  engine::StepKey key = {};  // as Stored() gives it
  json::Object outputs = {};
  artifact::Artifacts artifacts = {};
  std::optional<int32_t> exit_code = {};
  std::string run = {};  // that computed it, "NAME/3"
  int64_t seconds = 0;   // that it took
  Time kept = {};

  bool operator==(const Entry&) const = default;
};

// The key as it is stored: the image by its digest, and long values by theirs, so that a script of 64 KiB is not kept
// with each result. Its digest is what the result is kept by. REQUIRES: `image_digest` is one.
engine::StepKey Stored(const engine::StepKey& key, const std::string& image_digest);

// The entry's name in the store, by the digest of its key; and where the digest of the last key is that was kept for
// what `nearest` names.
std::string EntryName(const std::string& name_space, const std::string& key_digest);
std::string NearestName(const std::string& name_space, const std::string& nearest);

std::string Encode(const Entry& entry);
// kInvalid when it is none, is of another key than `key_digest`, or is not complete.
Result<Entry> Decode(const std::string& text, const std::string& key_digest);

// What stands under NearestName(): the digest, and when it was put there. Empty when it can't be read.
std::string EncodeNearest(const std::string& key_digest, Time now);
std::string DecodeNearest(const std::string& text);

// Why the key was not found, against one that was kept for the same step: "parameter lr 0.01 → 0.02; script changed".
std::string Explain(const engine::StepKey& before, const engine::StepKey& now);

}  // namespace coreflow::cache
