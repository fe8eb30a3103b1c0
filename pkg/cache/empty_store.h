#pragma once

#include <string>

#include "pkg/store/store.h"

namespace coreflow::cache {

// For tests: a store that takes everything and has nothing.
class EmptyStore : public store::Store {
 public:
  Result<store::Blob> PutBlob(const store::Source&, const store::Expected&) override { return None(); }
  Result<void> ReadBlob(const store::Digest&, const store::Sink&) override { return None(); }
  Result<void> ReadBlobRange(const store::Digest&, uint64_t, uint64_t, const store::Sink&) override { return None(); }
  Result<uint64_t> BlobSize(const store::Digest&) override { return None(); }
  Result<Duration> BlobAge(const store::Digest&) override { return None(); }
  Result<void> DeleteBlob(const store::Digest&) override { return {}; }
  Result<void> ListBlobs(const std::function<Result<void>(const store::ListedBlob&)>&) override { return {}; }
  Result<void> PutEntryIfAbsent(const std::string&, const std::string&) override { return {}; }
  Result<void> PutEntry(const std::string&, const std::string&) override { return {}; }
  Result<std::string> GetEntry(const std::string&) override { return None(); }
  Result<void> DeleteEntry(const std::string&) override { return {}; }
  Result<store::EntryPage> ListEntries(const std::string&, size_t, const std::string&) override {
    return store::EntryPage{};
  }
  Result<void> SweepLeftovers(Duration) override { return {}; }

 private:
  static Error None() { return {.code = Code::kNotFound, .message = "there is none"}; }
};

}  // namespace coreflow::cache
