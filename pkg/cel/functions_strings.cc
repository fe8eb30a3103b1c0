#include "pkg/cel/functions.h"
#include "pkg/cel/text_search.h"

namespace coreflow::cel {

namespace {

using Args = std::span<const Value>;

Result<Value> Contains(const CallContext&, Args args) {
  return Value::Bool(FindText(args[0].AsString(), args[1].AsString()) != std::string_view::npos);
}
Result<Value> StartsWith(const CallContext&, Args args) {
  return Value::Bool(args[0].AsString().starts_with(args[1].AsString()));
}
Result<Value> EndsWith(const CallContext&, Args args) {
  return Value::Bool(args[0].AsString().ends_with(args[1].AsString()));
}

}  // namespace

void AddStrings(Functions& f) {
  const Type s = Type::String();
  f.Member("contains", {s, s}, Type::Bool(), Contains);
  f.Member("startsWith", {s, s}, Type::Bool(), StartsWith);
  f.Member("endsWith", {s, s}, Type::Bool(), EndsWith);
}

}  // namespace coreflow::cel
