#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>

namespace coreflow::cache {

// Which blobs of a namespace something refers to. By hashes: where two clash, one is kept that could go.
class BlobsInUse {
 public:
  using Hash = uint64_t;
  static Hash HashOf(std::string_view name_space, std::string_view digest);

  // Of these namespaces; empty: of all. All blobs of any other are in use, since nothing is known of them.
  explicit BlobsInUse(std::set<std::string, std::less<>> name_spaces = {}) : name_spaces_(std::move(name_spaces)) {}

  void Add(Hash blob) { hashes_.insert(blob); }
  bool Has(std::string_view name_space, std::string_view digest) const;

 private:
  std::set<std::string, std::less<>> name_spaces_;
  std::unordered_set<Hash> hashes_;
};

}  // namespace coreflow::cache
