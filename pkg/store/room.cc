#include "pkg/store/room.h"

#include <algorithm>
#include <string>

namespace coreflow::store {

namespace {

constexpr uint64_t kBlock = 4096;
constexpr uint64_t kMeasurements = 16;  // while the limit is filled

std::string InMiB(uint64_t bytes) { return std::to_string(bytes >> 20) + " MiB"; }

}  // namespace

uint64_t OnDisk(uint64_t size) { return (size + kBlock - 1) / kBlock * kBlock; }

Result<void> Room::Take(uint64_t bytes) {
  if (!limit_) return {};
  const std::lock_guard lock(mu_);
  if (!used_ || since_measured_ > *limit_ / kMeasurements || *used_ + bytes > *limit_) {
    TRY(used_, measure_());
    since_measured_ = 0;
  }
  if (*used_ + bytes > *limit_) {
    return Error{.code = Code::kTooMany,
                 .message = "artifacts take " + InMiB(*used_) + " and may take " + InMiB(*limit_)};
  }
  *used_ += bytes;
  since_measured_ += bytes;
  return {};
}

void Room::GiveBack(uint64_t bytes) {
  if (!limit_) return;
  const std::lock_guard lock(mu_);
  if (used_) *used_ -= std::min(*used_, bytes);
}

Result<void> RoomForBlob::Grow(uint64_t size) {
  const uint64_t wanted = OnDisk(size);
  if (wanted <= taken_) return {};
  TRY_VOID(room_.Take(wanted - taken_));
  taken_ = wanted;
  return {};
}

}  // namespace coreflow::store
