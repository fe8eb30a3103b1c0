#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "pkg/base/loop.h"

namespace coreflow::sim {

// What the store of all replicas holds: entries by name, and blobs by their digest with the time when they were put.
// Has no fault of its own: how it is reached has (faulty_entries.h, sweeping_store.h). The loop outlives it.
class SimulatedStore {
 public:
  struct Blob {
    std::string text = {};  // of what somebody reads; empty for all else
    Time put = {};
  };
  // A blob as a namespace may have it. An empty name space stands for the blob itself, whoever may have it.
  struct BlobName {
    std::string name_space = {};
    std::string digest = {};  // 64 hexadecimal digits

    auto operator<=>(const BlobName&) const = default;
  };
  // Called before the store has changed.
  struct Hooks {
    std::function<void(const BlobName& blob)> on_put = {};
    std::function<void(const BlobName& blob)> on_swept = {};
    // `name`: its namespace may not have it any more; otherwise there is a name and no blob.
    std::function<void(const BlobName& blob, bool name)> on_lost = {};
  };

  SimulatedStore(Loop& loop, Hooks hooks) : loop_(loop), hooks_(std::move(hooks)) {}
  SimulatedStore(const SimulatedStore&) = delete;
  SimulatedStore& operator=(const SimulatedStore&) = delete;

  const std::map<std::string, std::string>& entries() const { return entries_; }
  const std::map<std::string, Blob>& blobs() const { return blobs_; }
  Time Now() const { return loop_.Now(); }

  void PutEntry(const std::string& name, const std::string& value) { entries_[name] = value; }
  // As the data service puts it for a courier: the blob, or its age anew, and then its name.
  void PutBlob(const BlobName& blob, int64_t bytes, const std::string& text);
  // Whether a courier gets it.
  bool HasBlob(const BlobName& blob) const;

  // What a sweep does.
  void SweepEntry(const std::string& name);
  void SweepBlob(const std::string& digest);
  // What befalls a store.
  void LoseBlob(const BlobName& blob, bool name);

  // Whether a kept result names it that can be taken: one that can be read, and whose artifacts are all there by name.
  bool HasResultWith(const BlobName& blob) const;
  // Whether some namespace may have it.
  bool IsNamed(const std::string& digest) const;
  // What nothing refers to: names of blobs that no kept result has, and blobs without a name. For when no record is
  // left. Empty when there is nothing.
  std::string Unreferenced() const;

 private:
  Loop& loop_;
  const Hooks hooks_;
  std::map<std::string, std::string> entries_;
  std::map<std::string, Blob> blobs_;
};

}  // namespace coreflow::sim
