#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "pkg/base/result.h"

namespace coreflow::store {

// A SHA-256, which names a blob.
class Digest {
 public:
  // That of no bytes.
  Digest();
  static Digest Of(std::string_view bytes);
  // 64 lower-case hexadecimal digits; kInvalid for anything else.
  static Result<Digest> Parse(std::string_view hex);

  const std::string& hex() const { return hex_; }
  auto operator<=>(const Digest&) const = default;

 private:
  friend class Hasher;
  explicit Digest(std::string hex) : hex_(std::move(hex)) {}

  std::string hex_;
};
void PrintTo(const Digest& digest, std::ostream* out);

// Computes the digest of bytes that come in pieces.
class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void Add(std::string_view bytes);
  // REQUIRES: nothing is called after it.
  Digest Finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace coreflow::store
