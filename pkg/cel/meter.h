#pragma once

#include <cstddef>
#include <cstdint>

#include "pkg/base/result.h"
#include "pkg/cel/program.h"

namespace coreflow::cel {

// Counts what one evaluation uses. Once a limit is passed, every further call fails too, so that an evaluation ends
// soon wherever it is.
class Meter {
 public:
  explicit Meter(const Limits& limits) : limits_(limits), left_(limits.cost) {}

  // For visiting nodes and elements.
  Result<void> Charge(uint64_t cost);
  // For reading or writing text: one for every 10 bytes begun.
  Result<void> ChargeBytes(uint64_t bytes) { return Charge((bytes + 9) / 10); }
  // Before a string or bytes of that length is produced; does not charge.
  Result<void> CheckBytes(uint64_t bytes);
  // The same, and charges for it: once for each text.
  Result<void> ProduceBytes(uint64_t bytes);
  // Before a list or map of that size is produced; does not charge.
  Result<void> CheckElements(uint64_t elements);

  // The limit that was passed; nullptr while none was.
  const Error* exceeded() const { return exceeded_ ? &error_ : nullptr; }

 private:
  Error Exceed(std::string message);

  const Limits limits_;
  uint64_t left_;
  bool exceeded_ = false;
  Error error_{};
};

}  // namespace coreflow::cel
