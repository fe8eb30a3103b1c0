#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "pkg/json/value.h"

namespace coreflow::redaction {

// Values that must not show in texts. Not thread-safe.
class KnownValues {
 public:
  // Shorter ones are not looked for: they would be found everywhere.
  static constexpr size_t kShortest = 6;

  // Every text and number in the value, and each line of texts that have several. As they stand, and as JSON writes
  // them inside of quotes.
  void Add(const json::Value& value);

  // The text with every one of them replaced by kMasked. Of one that a log has cut short, what is there of its
  // beginning is found from kWindow bytes on. Takes time in proportion to the text, however many values there are.
  std::string Mask(std::string_view text) const;

  // Some were not taken in any more: there were too many.
  bool full() const { return full_; }

 private:
  static constexpr size_t kWindow = 24;
  static constexpr size_t kMostBytes = size_t{16} << 20;
  static constexpr size_t kLongest = 4096;
  static constexpr size_t kMostAlike = 16;  // values with the same beginning that are told apart

  void AddText(std::string_view text);
  void AddWhole(std::string_view text);
  size_t MatchAt(std::string_view text) const;

  std::unordered_set<uint64_t> beginnings_;                         // the first kShortest bytes of each
  std::unordered_set<std::string> short_;                           // of at most kWindow bytes
  std::unordered_map<std::string, std::vector<std::string>> long_;  // by their first kWindow bytes
  size_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace coreflow::redaction
