#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>

#include "pkg/base/result.h"

namespace coreflow::store {

// How much blobs may take together, and how much they do. Thread-safe. What other processes put into the same place is
// seen when it is measured: before anything is refused, and each time a sixteenth of the limit was taken here.
class Room {
 public:
  using Measure = std::function<Result<uint64_t>()>;

  // Bytes; without a limit nothing is counted.
  Room(std::optional<uint64_t> limit, Measure measure) : limit_(limit), measure_(std::move(measure)) {}

  // kTooMany when there is not so much left. Errors of measuring are passed on.
  Result<void> Take(uint64_t bytes);
  void GiveBack(uint64_t bytes);

 private:
  const std::optional<uint64_t> limit_;
  const Measure measure_;
  std::mutex mu_;
  std::optional<uint64_t> used_;  // guarded by mu_; nullopt: not measured yet
  uint64_t since_measured_ = 0;   // guarded by mu_
};

// What a file of that size takes of a disk.
uint64_t OnDisk(uint64_t size);

// The room of one blob while it is put. Gives it back unless it is kept. For one thread.
class RoomForBlob {
 public:
  explicit RoomForBlob(Room& room) : room_(room) {}
  ~RoomForBlob() { room_.GiveBack(taken_); }
  RoomForBlob(const RoomForBlob&) = delete;
  RoomForBlob& operator=(const RoomForBlob&) = delete;

  // Until the blob is that big. Errors as Room::Take().
  Result<void> Grow(uint64_t size);
  void Keep() { taken_ = 0; }

 private:
  Room& room_;
  uint64_t taken_ = 0;
};

}  // namespace coreflow::store
