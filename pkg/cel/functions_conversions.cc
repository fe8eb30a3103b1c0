#include <cmath>
#include <limits>

#include "pkg/cel/functions.h"
#include "pkg/cel/number_text.h"
#include "pkg/cel/time_text.h"
#include "pkg/cel/utf8.h"

namespace coreflow::cel {

namespace {

using Args = std::span<const Value>;

Result<Value> Itself(const CallContext&, Args args) { return args[0]; }
Result<Value> TypeOf(const CallContext&, Args args) { return Value::TypeNamed(args[0].TypeName()); }

Error NotA(const char* type, const std::string& text) {
  return Invalid("'" + text.substr(0, 60) + (text.size() > 60 ? "…' is no " : "' is no ") + type);
}
Error DoesNotFit(const char* type) { return Invalid(std::string("the number does not fit ") + type); }

Result<Value> UintToInt(const CallContext&, Args args) {
  uint64_t value = args[0].AsUint();
  if (value > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return DoesNotFit("int");
  return Value::Int(static_cast<int64_t>(value));
}

Result<Value> DoubleToInt(const CallContext&, Args args) {
  double value = args[0].AsDouble();
  // Both ends are out: as doubles they stand for neighbours that do not fit.
  if (!(value > -9223372036854775808.0 && value < 9223372036854775808.0)) return DoesNotFit("int");
  return Value::Int(static_cast<int64_t>(value));
}

Result<Value> StringToInt(const CallContext&, Args args) {
  auto value = ParseInt(args[0].AsString());
  return value ? Result<Value>(Value::Int(*value)) : NotA("int", args[0].AsString());
}

Result<Value> TimestampToInt(const CallContext&, Args args) { return Value::Int(args[0].AsTimestamp().seconds); }

Result<Value> IntToUint(const CallContext&, Args args) {
  if (args[0].AsInt() < 0) return DoesNotFit("uint");
  return Value::Uint(static_cast<uint64_t>(args[0].AsInt()));
}

Result<Value> DoubleToUint(const CallContext&, Args args) {
  double value = args[0].AsDouble();
  if (!(value >= 0 && value < 18446744073709551616.0)) return DoesNotFit("uint");
  return Value::Uint(static_cast<uint64_t>(value));
}

Result<Value> StringToUint(const CallContext&, Args args) {
  auto value = ParseUint(args[0].AsString());
  return value ? Result<Value>(Value::Uint(*value)) : NotA("uint", args[0].AsString());
}

Result<Value> IntToDouble(const CallContext&, Args args) { return Value::Double(static_cast<double>(args[0].AsInt())); }
Result<Value> UintToDouble(const CallContext&, Args args) {
  return Value::Double(static_cast<double>(args[0].AsUint()));
}

Result<Value> StringToDouble(const CallContext&, Args args) {
  auto value = ParseDouble(args[0].AsString());
  return value ? Result<Value>(Value::Double(*value)) : NotA("double", args[0].AsString());
}

Result<Value> StringToBool(const CallContext&, Args args) {
  const std::string& text = args[0].AsString();
  for (const char* yes : {"true", "True", "TRUE", "t", "T", "1"}) {
    if (text == yes) return Value::Bool(true);
  }
  for (const char* no : {"false", "False", "FALSE", "f", "F", "0"}) {
    if (text == no) return Value::Bool(false);
  }
  return NotA("bool", text);
}

Result<Value> BoolToString(const CallContext&, Args args) { return Value::String(args[0].AsBool() ? "true" : "false"); }
Result<Value> IntToString(const CallContext&, Args args) { return Value::String(std::to_string(args[0].AsInt())); }
Result<Value> UintToString(const CallContext&, Args args) { return Value::String(std::to_string(args[0].AsUint())); }
Result<Value> DoubleToString(const CallContext&, Args args) { return Value::String(FormatDouble(args[0].AsDouble())); }
Result<Value> TimestampToString(const CallContext&, Args args) {
  return Value::String(FormatTimestamp(args[0].AsTimestamp()));
}
Result<Value> DurationToString(const CallContext&, Args args) {
  return Value::String(FormatDuration(args[0].AsDuration()));
}
Result<Value> QuantityToString(const CallContext&, Args args) { return Value::String(args[0].AsQuantity().ToString()); }

Result<Value> BytesToString(const CallContext& context, Args args) {
  if (!IsUtf8(args[0].AsBytes())) return Invalid("the bytes are not UTF-8");
  TRY_VOID(context.meter.ProduceBytes(args[0].AsBytes().size()));
  return Value::String(args[0].AsBytes());
}

Result<Value> StringToBytes(const CallContext& context, Args args) {
  TRY_VOID(context.meter.ProduceBytes(args[0].AsString().size()));
  return Value::Bytes(args[0].AsString());
}

Result<Value> StringToTimestamp(const CallContext&, Args args) {
  auto time = ParseTimestamp(args[0].AsString());
  if (!time) return NotA("timestamp such as 2026-11-21T03:37:00Z, in the years 1 to 9999", args[0].AsString());
  return Value::Timestamp(*time);
}

Result<Value> IntToTimestamp(const CallContext&, Args args) {
  int64_t seconds = args[0].AsInt();
  if (seconds < kMinTimestampSeconds || seconds > kMaxTimestampSeconds) return DoesNotFit("the years 1 to 9999");
  return Value::Timestamp(Timestamp{.seconds = seconds});
}

Result<Value> StringToDuration(const CallContext&, Args args) {
  auto duration = ParseDuration(args[0].AsString());
  if (!duration) return NotA("duration such as 1h30m or 90s, within 292 years", args[0].AsString());
  return Value::Duration(*duration);
}

void AddTextConversions(Functions& f) {
  const Type s = Type::String();
  f.Function("string", {s}, s, Itself);
  f.Function("string", {Type::Bool()}, s, BoolToString);
  f.Function("string", {Type::Int()}, s, IntToString);
  f.Function("string", {Type::Uint()}, s, UintToString);
  f.Function("string", {Type::Double()}, s, DoubleToString);
  f.Function("string", {Type::Bytes()}, s, BytesToString);
  f.Function("string", {Type::Timestamp()}, s, TimestampToString);
  f.Function("string", {Type::Duration()}, s, DurationToString);
  f.Function("string", {Type::Quantity()}, s, QuantityToString);
  f.Function("bytes", {s}, Type::Bytes(), StringToBytes);
  f.Function("bytes", {Type::Bytes()}, Type::Bytes(), Itself);
}

}  // namespace

void AddConversions(Functions& f) {
  const Type i = Type::Int(), u = Type::Uint(), d = Type::Double(), s = Type::String();
  const Type timestamp = Type::Timestamp(), duration = Type::Duration();
  f.Function("dyn", {Type::Parameter("A")}, Type::Dyn(), Itself);
  f.Function("type", {Type::Parameter("A")}, Type::TypeType(), TypeOf);
  f.Function("int", {i}, i, Itself);
  f.Function("int", {u}, i, UintToInt);
  f.Function("int", {d}, i, DoubleToInt);
  f.Function("int", {s}, i, StringToInt);
  f.Function("int", {timestamp}, i, TimestampToInt);
  f.Function("uint", {u}, u, Itself);
  f.Function("uint", {i}, u, IntToUint);
  f.Function("uint", {d}, u, DoubleToUint);
  f.Function("uint", {s}, u, StringToUint);
  f.Function("double", {d}, d, Itself);
  f.Function("double", {i}, d, IntToDouble);
  f.Function("double", {u}, d, UintToDouble);
  f.Function("double", {s}, d, StringToDouble);
  f.Function("bool", {Type::Bool()}, Type::Bool(), Itself);
  f.Function("bool", {s}, Type::Bool(), StringToBool);
  f.Function("timestamp", {s}, timestamp, StringToTimestamp);
  f.Function("timestamp", {i}, timestamp, IntToTimestamp);
  f.Function("timestamp", {timestamp}, timestamp, Itself);
  f.Function("duration", {s}, duration, StringToDuration);
  f.Function("duration", {duration}, duration, Itself);
  AddTextConversions(f);
}

}  // namespace coreflow::cel
