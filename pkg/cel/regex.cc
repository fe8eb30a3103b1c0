#include "pkg/cel/regex.h"

#include <re2/re2.h>

namespace coreflow::cel {

namespace {

constexpr int64_t kMaxMemory = int64_t{256} << 10;

class Re2Regex : public Regex {
 public:
  explicit Re2Regex(std::string_view pattern) : re_(re2::StringPiece(pattern.data(), pattern.size()), Options()) {}

  bool Matches(std::string_view text) const override {
    return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), re_);
  }

  uint64_t cost_per_byte() const override { return 1 + static_cast<uint64_t>(re_.ProgramSize()) / 16; }

  const re2::RE2& re() const { return re_; }

 private:
  static re2::RE2::Options Options() {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(kMaxMemory);
    return options;
  }

  const re2::RE2 re_;
};

}  // namespace

Result<std::shared_ptr<const Regex>> Regex::Compile(std::string_view pattern) {
  auto regex = std::make_shared<const Re2Regex>(pattern);
  if (!regex->re().ok()) return Error{Code::kInvalid, "the regular expression is wrong: " + regex->re().error()};
  return std::shared_ptr<const Regex>(regex);
}

}  // namespace coreflow::cel
