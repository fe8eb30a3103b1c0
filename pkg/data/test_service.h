#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "pkg/artifact/store_token.h"
#include "pkg/base/dice.h"
#include "pkg/base/test_folder.h"
#include "pkg/data/data_service.h"
#include "pkg/store/directory.h"

namespace coreflow::data {

// For tests: a store in a folder that can be out of order, or full.
class TestStore : public store::Store {
 public:
  explicit TestStore(const std::string& path) {
    auto opened = store::NewDirectoryStore(path);
    EXPECT_TRUE(opened.has_value());
    store_ = *std::move(opened);
  }

  std::atomic<bool> down = false;
  std::atomic<bool> full = false;

  Result<store::Blob> PutBlob(const store::Source& source, const store::Expected& expected) override {
    if (down) return Down();
    if (full) return Error{.code = Code::kTooMany, .message = "the store is full"};
    return store_->PutBlob(source, expected);
  }
  Result<void> ReadBlob(const store::Digest& digest, const store::Sink& sink) override {
    return down ? Down() : store_->ReadBlob(digest, sink);
  }
  Result<void> ReadBlobRange(const store::Digest& digest, uint64_t offset, uint64_t length,
                             const store::Sink& sink) override {
    return down ? Down() : store_->ReadBlobRange(digest, offset, length, sink);
  }
  Result<uint64_t> BlobSize(const store::Digest& digest) override {
    if (down) return Down();
    return store_->BlobSize(digest);
  }
  Result<Duration> BlobAge(const store::Digest& digest) override {
    if (down) return Down();
    return store_->BlobAge(digest);
  }
  Result<void> DeleteBlob(const store::Digest& digest) override { return down ? Down() : store_->DeleteBlob(digest); }
  Result<void> ListBlobs(const std::function<Result<void>(const store::ListedBlob&)>& visit) override {
    return down ? Down() : store_->ListBlobs(visit);
  }
  Result<void> PutEntryIfAbsent(const std::string& name, const std::string& value) override {
    return down ? Down() : store_->PutEntryIfAbsent(name, value);
  }
  Result<void> PutEntry(const std::string& name, const std::string& value) override {
    return down ? Down() : store_->PutEntry(name, value);
  }
  Result<std::string> GetEntry(const std::string& name) override {
    if (down) return Down();
    return store_->GetEntry(name);
  }
  Result<void> DeleteEntry(const std::string& name) override { return down ? Down() : store_->DeleteEntry(name); }
  Result<store::EntryPage> ListEntries(const std::string& prefix, size_t limit, const std::string& page) override {
    if (down) return Down();
    return store_->ListEntries(prefix, limit, page);
  }
  Result<void> SweepLeftovers(Duration untouched_for) override {
    return down ? Down() : store_->SweepLeftovers(untouched_for);
  }

 private:
  static Error Down() { return {.code = Code::kUnavailable, .message = "the store is down"}; }

  std::unique_ptr<store::Store> store_;
};

// For tests: a data service on loopback with a store of its own.
struct TestService {
  explicit TestService(DataService::Options options = {}) : store(folder / "store") {
    options.key = Secret(key);
    fingerprint = options.identity ? options.identity->fingerprint : "";
    auto started = DataService::Start(std::move(options), store);
    EXPECT_TRUE(started.has_value());
    service = *std::move(started);
  }

  std::string url() const {
    return (fingerprint.empty() ? "http://127.0.0.1:" : "https://127.0.0.1:") + std::to_string(service->port());
  }
  // The file of a blob, and how many there are, with those that are still being put.
  std::string FileOf(const std::string& digest) const {
    return folder / ("store/blobs/" + digest.substr(0, 2) + "/" + digest);
  }
  int CountFiles() const {
    int count = 0;
    for (const char* below : {"store/blobs", "store/tmp"}) {
      if (!std::filesystem::exists(folder / below)) continue;
      for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / below)) {
        count += entry.is_regular_file() ? 1 : 0;
      }
    }
    return count;
  }

  TestFolder folder;
  TestStore store;
  std::string key = "a key for tests";
  std::string fingerprint;
  std::unique_ptr<DataService> service;
};

// Bytes that look random and follow from the seed.
inline std::string SomeBytes(size_t size, uint64_t seed = 1) {
  Dice dice(seed);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(dice.Next());
  return bytes;
}

}  // namespace coreflow::data
