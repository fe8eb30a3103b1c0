#include "pkg/api/pattern.h"

#include <re2/re2.h>

namespace coreflow::api {

struct Pattern::Compiled {
  Compiled(std::string_view expression, const RE2::Options& options)
      : re(re2::StringPiece(expression.data(), expression.size()), options) {}
  RE2 re;
};

Result<Pattern> Pattern::Compile(std::string_view expression) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(1 << 20);
  auto compiled = std::make_shared<const Compiled>(expression, options);
  if (!compiled->re.ok()) return Error{Code::kInvalid, compiled->re.error()};
  return Pattern(std::move(compiled));
}

bool Pattern::Matches(std::string_view text) const {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), compiled_->re);
}

}  // namespace coreflow::api
