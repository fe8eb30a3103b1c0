#include "pkg/executor/answer.h"

#include <charconv>
#include <optional>
#include <string>

namespace coreflow::executor {

namespace {

constexpr size_t kDigits = 64;

std::optional<Stored> ReadStored(std::string_view text) {
  Stored stored{.digest = std::string(text.substr(0, kDigits))};
  if (text.size() < kDigits + 2 || text[kDigits] != ' ') return std::nullopt;
  if (stored.digest.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data() + kDigits + 1, end, stored.bytes);
  if (error != std::errc() || last != end) return std::nullopt;
  return stored;
}

}  // namespace

Result<Stored> ReadAnswer(std::string_view line, bool complete) {
  const size_t space = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, space);
  const std::string rest(line.substr(std::min(space + 1, line.size())));
  if (word == "AGAIN") return Error{.code = Code::kUnavailable, .message = rest};
  if (word == "ERROR") return Error{.code = Code::kInvalid, .message = rest};
  const auto stored = word == "OK" && complete ? ReadStored(rest) : std::nullopt;
  if (!stored) return Error{.code = Code::kInvalid, .message = "the courier's answer can't be read"};
  return *stored;
}

}  // namespace coreflow::executor
