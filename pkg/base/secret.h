#pragma once

#include <ostream>
#include <utility>

namespace coreflow {

// A value that no log, message or test output may show: a token, a key, a password. It has to be asked for by name,
// so that every place that uses it can be found, and there is no stream operator, no conversion, nothing to format.
template <typename T>
class Secret {
 public:
  Secret() = default;
  explicit Secret(T value) : value_(std::move(value)) {}

  // The value itself. Hand it to what needs it, and to nothing that prints.
  const T& Reveal() const { return value_; }

  bool operator==(const Secret&) const = default;

  friend std::ostream& operator<<(std::ostream&, const Secret&) = delete;
  friend void PrintTo(const Secret&, std::ostream* out) { *out << "[secret]"; }

 private:
  T value_ = {};
};

}  // namespace coreflow
