#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coreflow::cel {

// An amount as Kubernetes writes it (apimachinery's resource.Quantity): "1500m", "2Gi", "1e3". Kept exactly, in units
// of 10^-9, finer digits rounded away from zero; magnitudes above 2^63-1 are capped there, as Kubernetes does.
class Quantity {
 public:
  enum class Format { kDecimal, kBinary, kExponent };  // which suffixes ToString() uses

  Quantity() = default;
  explicit Quantity(int64_t whole) : nanos_(Nanos(whole) * kNanosPerUnit) {}

  // nullopt when the text is no quantity.
  static std::optional<Quantity> Parse(std::string_view text);

  // -1, 0 or 1.
  int Sign() const { return nanos_ < 0 ? -1 : nanos_ > 0 ? 1 : 0; }
  // -1, 0 or 1 as this is less than, equal to or greater than the other.
  int Compare(const Quantity& other) const { return nanos_ < other.nanos_ ? -1 : nanos_ > other.nanos_ ? 1 : 0; }
  // Whole and within int64_t; nullopt otherwise.
  std::optional<int64_t> AsInteger() const;
  double AsApproximateFloat() const;
  // Capped like Parse. The format is that of this quantity.
  Quantity Add(const Quantity& other) const;
  Quantity Subtract(const Quantity& other) const;

  // The canonical form: the largest suffix that leaves no fraction.
  std::string ToString() const;

  // By amount, whatever the format.
  bool operator==(const Quantity& other) const { return nanos_ == other.nanos_; }

 private:
  using Nanos = __int128;
  static constexpr int64_t kNanosPerUnit = 1'000'000'000;

  static Quantity Capped(Nanos nanos, Format format);

  Nanos nanos_ = 0;
  Format format_ = Format::kDecimal;
};

}  // namespace coreflow::cel
