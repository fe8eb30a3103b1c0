#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/cel/program.h"

namespace coreflow::cel {

struct TemplateCompilation;

// Text with $[[ expression ]] parts. A part is replaced once by its value: a string as it is, any other value as
// compact JSON, but without quotes where that JSON is a string (timestamps, durations, bytes). What a value contains
// is never looked at again. A literal "$[[" is written $[[ '$[[' ]]. "]]" inside strings and nested brackets does not
// end a part. Immutable, thread-safe and cheap to copy.
class Template {
 public:
  // False when the text has no parts: Evaluate() then gives the text.
  bool HasExpressions() const;

  // Of all parts, sorted, each once. See Program::References().
  std::vector<Reference> References() const;

  // The type of what the template is made of when it is one part and nothing around it, else nullopt.
  std::optional<Type> SoleType() const;

  // The text with every part replaced. The limits hold for each part; the result may have at most limits.bytes.
  // With `escape`, each result goes through it first, for a place that gives some characters a meaning of their own.
  using Escape = std::function<std::string(const std::string&)>;
  Result<std::string> Evaluate(const Activation& activation, const Limits& limits = {},
                               const Escape& escape = {}) const;

 private:
  friend TemplateCompilation CompileTemplate(std::string_view, const Declarations&);
  using Part = std::variant<std::string, Program>;
  explicit Template(std::vector<Part> parts) : parts_(std::make_shared<const std::vector<Part>>(std::move(parts))) {}

  std::shared_ptr<const std::vector<Part>> parts_;
};

// Either a template and no problems, or no template and at least one problem.
struct TemplateCompilation {
  std::optional<Template> compiled{};
  std::vector<Problem> problems{};

  explicit operator bool() const { return compiled.has_value(); }
};

// Compiles a template: the problems of all parts at once, with their offsets in `text`; a "$[[" without its "]]" is
// one. Safe for text from anybody. Thread-safe.
TemplateCompilation CompileTemplate(std::string_view text, const Declarations& declarations);

}  // namespace coreflow::cel
