#include "pkg/cel/meter.h"

namespace coreflow::cel {

Result<void> Meter::Charge(uint64_t cost) {
  if (exceeded_) return error_;
  if (cost > left_) return Exceed("the expression needs more work than allowed (cost limit " + std::to_string(limits_.cost) + ")");
  left_ -= cost;
  return {};
}

Result<void> Meter::ProduceBytes(uint64_t bytes) {
  if (exceeded_) return error_;
  if (bytes > limits_.bytes) {
    return Exceed("a text of " + std::to_string(bytes) + " bytes would be longer than the limit of " +
                  std::to_string(limits_.bytes));
  }
  return ChargeBytes(bytes);
}

Result<void> Meter::ProduceElements(uint64_t elements) {
  if (exceeded_) return error_;
  if (elements <= limits_.elements) return {};
  return Exceed("a list or map of " + std::to_string(elements) + " elements would be larger than the limit of " +
                std::to_string(limits_.elements));
}

Error Meter::Exceed(std::string message) {
  exceeded_ = true;
  error_ = Error{Code::kInvalid, std::move(message)};
  return error_;
}

}  // namespace coreflow::cel
