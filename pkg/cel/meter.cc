#include "pkg/cel/meter.h"

namespace coreflow::cel {

Result<void> Meter::Charge(uint64_t cost) {
  if (exceeded_) return error_;
  if (cost > left_) {
    return Exceed("the expression needs more work than allowed (cost limit " + std::to_string(limits_.cost) + ")");
  }
  left_ -= cost;
  return {};
}

Result<void> Meter::CheckBytes(uint64_t bytes) {
  if (exceeded_) return error_;
  if (bytes <= limits_.bytes) return {};
  return Exceed("the expression makes a text longer than allowed (limit " + std::to_string(limits_.bytes) + " bytes)");
}

Result<void> Meter::ProduceBytes(uint64_t bytes) {
  TRY_VOID(CheckBytes(bytes));
  return ChargeBytes(bytes);
}

Result<void> Meter::CheckElements(uint64_t elements) {
  if (exceeded_) return error_;
  if (elements <= limits_.elements) return {};
  return Exceed("the expression makes a list or map larger than allowed (limit " + std::to_string(limits_.elements) +
                " elements)");
}

Error Meter::Exceed(std::string message) {
  exceeded_ = true;
  error_ = Error{Code::kInvalid, std::move(message)};
  return error_;
}

}  // namespace coreflow::cel
