#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pkg/cel/functions.h"
#include "pkg/cel/number_text.h"
#include "pkg/cel/time_text.h"
#include "pkg/cel/utf8.h"

namespace coreflow::cel {

// "%s, %.2f".format([a, b]): cel-go's string formatting.
namespace {

using Args = std::span<const Value>;

Error Unfit(char clause, const Value& value) {
  return Invalid(std::string("%") + clause + " cannot write a value of type " + value.TypeName());
}

std::optional<std::string> SpecialDouble(const Value& value) {
  if (!value.Is(Value::Kind::kDouble) || std::isfinite(value.AsDouble())) return std::nullopt;
  if (std::isnan(value.AsDouble())) return "NaN";
  return value.AsDouble() > 0 ? "Infinity" : "-Infinity";
}

Result<std::string> Readable(const CallContext& context, const Value& value);

Result<std::string> ReadableList(const CallContext& context, const Value::Elements& list) {
  std::string out = "[";
  for (const Value& element : list) {
    TRY(std::string text, Readable(context, element));
    out += (out.size() > 1 ? ", " : "") + text;
    TRY_VOID(context.meter.CheckBytes(out.size()));
  }
  return out + "]";
}

Result<std::string> ReadableMap(const CallContext& context, const Map& map) {
  std::vector<std::pair<std::string, std::string>> entries;
  for (const auto& [key, value] : map.entries()) {
    TRY(std::string key_text, Readable(context, key));
    TRY(std::string value_text, Readable(context, value));
    entries.emplace_back(std::move(key_text), std::move(value_text));
  }
  std::sort(entries.begin(), entries.end());
  std::string out = "{";
  for (const auto& [key, value] : entries) {
    out += (out.size() > 1 ? ", " : "") + key + ": " + value;
    TRY_VOID(context.meter.CheckBytes(out.size()));
  }
  return out + "}";
}

Result<std::string> Readable(const CallContext& context, const Value& value) {
  using enum Value::Kind;
  TRY_VOID(context.meter.Charge(1));
  switch (value.kind()) {
    case kNull: return std::string("null");
    case kBool: return std::string(value.AsBool() ? "true" : "false");
    case kInt: return std::to_string(value.AsInt());
    case kUint: return std::to_string(value.AsUint());
    case kDouble: return SpecialDouble(value).value_or(FormatDouble(value.AsDouble()));
    case kString: {
      TRY_VOID(context.meter.ProduceBytes(value.AsString().size()));
      return value.AsString();
    }
    case kBytes: {
      TRY_VOID(context.meter.ProduceBytes(value.AsBytes().size()));
      return value.AsBytes();
    }
    case kDuration: return FormatDuration(value.AsDuration());
    case kTimestamp: return FormatTimestamp(value.AsTimestamp());
    case kType: return value.AsTypeName();
    case kQuantity: return value.AsQuantity().ToString();
    case kList: return ReadableList(context, value.AsList());
    case kMap: return ReadableMap(context, value.AsMap());
    case kStruct: return Unfit('s', value);
  }
  return Unfit('s', value);
}

std::string Hex(std::string_view bytes, bool upper) {
  std::string out;
  for (char c : bytes) {
    auto byte = static_cast<unsigned char>(c);
    out += upper ? fmt::format("{:02X}", byte) : fmt::format("{:02x}", byte);
  }
  return out;
}

// %d %b %o %x %X
Result<std::string> Whole(const CallContext& context, char clause, const Value& value) {
  if (clause == 'd' && SpecialDouble(value)) return *SpecialDouble(value);
  if (clause == 'b' && value.Is(Value::Kind::kBool)) return std::string(value.AsBool() ? "1" : "0");
  bool hex = clause == 'x' || clause == 'X';
  if (hex && (value.Is(Value::Kind::kString) || value.Is(Value::Kind::kBytes))) {
    const std::string& bytes = value.Is(Value::Kind::kString) ? value.AsString() : value.AsBytes();
    TRY_VOID(context.meter.ProduceBytes(2 * bytes.size()));
    return Hex(bytes, clause == 'X');
  }
  std::string spec = std::string("{:") + clause + "}";
  if (value.Is(Value::Kind::kInt)) return fmt::format(fmt::runtime(spec), value.AsInt());
  if (value.Is(Value::Kind::kUint)) return fmt::format(fmt::runtime(spec), value.AsUint());
  return Unfit(clause, value);
}

// %f %e, with precision
Result<std::string> Fraction(char clause, int precision, const Value& value) {
  if (auto special = SpecialDouble(value)) return *special;
  double number = 0;
  if (value.Is(Value::Kind::kDouble)) {
    number = value.AsDouble();
  } else if (value.Is(Value::Kind::kInt)) {
    number = static_cast<double>(value.AsInt());
  } else if (value.Is(Value::Kind::kUint)) {
    number = static_cast<double>(value.AsUint());
  } else {
    return Unfit(clause, value);
  }
  return clause == 'f' ? fmt::format("{:.{}f}", number, precision) : fmt::format("{:.{}e}", number, precision);
}

// One clause after its percent sign, which is taken off the front of `text`.
Result<std::string> Clause(const CallContext& context, std::string_view& text, const Value::Elements& values,
                           size_t& next) {
  int precision = 6;
  if (!text.empty() && text[0] == '.') {
    size_t digits = std::min(text.find_first_not_of("0123456789", 1), text.size());
    auto number = ParseInt(text.substr(1, digits - 1));
    if (!number || *number > 100) return Invalid("the precision after % must be a number up to 100");
    precision = static_cast<int>(*number);
    text.remove_prefix(digits);
  }
  if (text.empty()) return Invalid("a % ends the text; write %% for a percent sign");
  char clause = text[0];
  text.remove_prefix(1);
  if (clause == '%') return std::string("%");
  if (std::string_view("sdfexXob").find(clause) == std::string_view::npos) {
    return Invalid(std::string("unknown clause %") + clause + "; known are %s %d %f %e %x %X %o %b %%");
  }
  if (next >= values.size()) return Invalid("the text has more clauses than there are values");
  const Value& value = values[next++];
  if (clause == 's') return Readable(context, value);
  if (clause == 'f' || clause == 'e') return Fraction(clause, precision, value);
  return Whole(context, clause, value);
}

Result<Value> Format(const CallContext& context, Args args) {
  std::string_view text = args[0].AsString();
  const Value::Elements& values = args[1].AsList();
  std::string out;
  size_t next = 0;
  while (!text.empty()) {
    size_t percent = std::min(text.find('%'), text.size());
    out.append(text.substr(0, percent));
    text.remove_prefix(percent);
    if (text.empty()) break;
    text.remove_prefix(1);
    TRY(std::string part, Clause(context, text, values, next));
    out += part;
    TRY_VOID(context.meter.Charge(1));
    TRY_VOID(context.meter.CheckBytes(out.size()));
  }
  TRY_VOID(context.meter.ProduceBytes(out.size()));
  return Value::String(out);
}

}  // namespace

void AddFormat(Functions& f) { f.Member("format", {Type::String(), Type::List(Type::Dyn())}, Type::String(), Format); }

}  // namespace coreflow::cel
