#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "pkg/store/store.h"

namespace coreflow::store {

// An empty place for a store, which goes away with it.
class Ground {
 public:
  virtual ~Ground() = default;
  // A client of the store that is there; several may be open.
  virtual std::unique_ptr<Store> Open() = 0;
  // Puts other bytes in place of a blob's.
  virtual void Damage(const Digest& digest, const std::string& bytes) = 0;
};

// An implementation of Store that must pass the contract.
struct Implementation {
  std::string name;
  std::function<std::unique_ptr<Ground>()> prepare;
};
void PrintTo(const Implementation& implementation, std::ostream* out);

// What every Store does, wherever it keeps things. Tests of it are in store_contract_*_test.cc; a program that has them
// instantiates them.
class StoreContract : public testing::TestWithParam<Implementation> {
 protected:
  std::unique_ptr<Ground> ground_ = GetParam().prepare();
  std::unique_ptr<Store> store_ = ground_->Open();
};

// A source of these bytes, `piece` at a time, and how often it was asked.
struct Bytes {
  explicit Bytes(std::string text, size_t piece = size_t{1} << 20) : bytes(std::move(text)), most(piece) {}
  Source source();

  std::string bytes;
  size_t most;
  size_t given = 0;
  int asked = 0;
};

// Bytes that look random and follow from the seed.
std::string SomeBytes(size_t size, uint64_t seed = 1);

// The blob as the store reads it, or "Code: message".
std::string ReadAll(Store& store, const Digest& digest);
std::string ReadRange(Store& store, const Digest& digest, uint64_t offset, uint64_t length);

// "OK" or the name of the code.
template <typename T>
std::string CodeOf(const Result<T>& result) {
  return result ? "OK" : CodeName(result.error().code);
}

}  // namespace coreflow::store
