#include "pkg/cel/functions.h"
#include "pkg/cel/regex.h"

namespace coreflow::cel {

namespace {

using Args = std::span<const Value>;

// For patterns that are computed; constant ones are compiled with the expression.
Result<Value> Matches(const CallContext& context, Args args) {
  // Compiling costs far more for each byte than matching does.
  TRY_VOID(context.meter.Charge(100 + 10 * args[1].AsString().size()));
  TRY(auto regex, Regex::Compile(args[1].AsString()));
  return MatchRegex(context, *regex, args[0].AsString());
}

}  // namespace

Result<Value> MatchRegex(const CallContext& context, const Regex& regex, std::string_view text) {
  TRY_VOID(context.meter.ChargeBytes(text.size() * regex.cost_per_byte()));
  return Value::Bool(regex.Matches(text));
}

void AddRegex(Functions& f) {
  const Type s = Type::String();
  f.Member("matches", {s, s}, Type::Bool(), Matches);
  f.Function("matches", {s, s}, Type::Bool(), Matches);
}

}  // namespace coreflow::cel
