#include <chrono>
#include <limits>

#include "pkg/cel/functions.h"
#include "pkg/cel/time_text.h"

namespace coreflow::cel {

namespace {

using Args = std::span<const Value>;
using std::chrono::nanoseconds;

Error Overflow(const char* type) { return Invalid(std::string("the result does not fit ") + type); }

template <bool (*kOperation)(int64_t, int64_t, int64_t*)>
Result<Value> OnInts(const CallContext&, Args args) {
  int64_t result = 0;
  if (kOperation(args[0].AsInt(), args[1].AsInt(), &result)) return Overflow("int");
  return Value::Int(result);
}

template <bool (*kOperation)(uint64_t, uint64_t, uint64_t*)>
Result<Value> OnUints(const CallContext&, Args args) {
  uint64_t result = 0;
  if (kOperation(args[0].AsUint(), args[1].AsUint(), &result)) return Overflow("uint");
  return Value::Uint(result);
}

template <bool (*kOperation)(int64_t, int64_t, int64_t*)>
Result<Value> OnDurations(const CallContext&, Args args) {
  int64_t result = 0;
  if (kOperation(args[0].AsDuration().count(), args[1].AsDuration().count(), &result)) return Overflow("duration");
  return Value::Duration(nanoseconds(result));
}

template <typename T>
bool Add(T a, T b, T* result) {
  return __builtin_add_overflow(a, b, result);
}
template <typename T>
bool Subtract(T a, T b, T* result) {
  return __builtin_sub_overflow(a, b, result);
}
template <typename T>
bool Multiply(T a, T b, T* result) {
  return __builtin_mul_overflow(a, b, result);
}

Result<Value> DivideInts(const CallContext&, Args args) {
  int64_t a = args[0].AsInt();
  int64_t b = args[1].AsInt();
  if (b == 0) return Invalid("division by zero");
  if (b == -1 && a == std::numeric_limits<int64_t>::min()) return Overflow("int");
  return Value::Int(a / b);
}

Result<Value> ModuloInts(const CallContext&, Args args) {
  int64_t a = args[0].AsInt();
  int64_t b = args[1].AsInt();
  if (b == 0) return Invalid("modulus by zero");
  if (b == -1 && a == std::numeric_limits<int64_t>::min()) return Overflow("int");
  return Value::Int(a % b);
}

Result<Value> DivideUints(const CallContext&, Args args) {
  if (args[1].AsUint() == 0) return Invalid("division by zero");
  return Value::Uint(args[0].AsUint() / args[1].AsUint());
}

Result<Value> ModuloUints(const CallContext&, Args args) {
  if (args[1].AsUint() == 0) return Invalid("modulus by zero");
  return Value::Uint(args[0].AsUint() % args[1].AsUint());
}

template <double (*kOperation)(double, double)>
Result<Value> OnDoubles(const CallContext&, Args args) {
  return Value::Double(kOperation(args[0].AsDouble(), args[1].AsDouble()));
}
double AddDoubles(double a, double b) { return a + b; }
double SubtractDoubles(double a, double b) { return a - b; }
double MultiplyDoubles(double a, double b) { return a * b; }
#if defined(__clang__) || defined(__GNUC__)
__attribute__((no_sanitize("float-divide-by-zero")))  // IEEE 754 says what it gives
#endif
double
DivideDoubles(double a, double b) {
  return a / b;
}

Result<Value> NegateInt(const CallContext&, Args args) {
  if (args[0].AsInt() == std::numeric_limits<int64_t>::min()) return Overflow("int");
  return Value::Int(-args[0].AsInt());
}
Result<Value> NegateDouble(const CallContext&, Args args) { return Value::Double(-args[0].AsDouble()); }

Result<Value> ConcatenateStrings(const CallContext& context, Args args) {
  TRY_VOID(context.meter.ProduceBytes(args[0].AsString().size() + args[1].AsString().size()));
  return Value::String(args[0].AsString() + args[1].AsString());
}

Result<Value> ConcatenateBytes(const CallContext& context, Args args) {
  TRY_VOID(context.meter.ProduceBytes(args[0].AsBytes().size() + args[1].AsBytes().size()));
  return Value::Bytes(args[0].AsBytes() + args[1].AsBytes());
}

Result<Value> ConcatenateLists(const CallContext& context, Args args) {
  const Value::Elements& a = args[0].AsList();
  const Value::Elements& b = args[1].AsList();
  TRY_VOID(context.meter.CheckElements(a.size() + b.size()));
  TRY_VOID(context.meter.Charge(a.size() + b.size()));
  Value::Elements all;
  all.reserve(a.size() + b.size());
  all.insert(all.end(), a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  return Value::List(std::move(all));
}

constexpr __int128 kNanosPerSecond = 1'000'000'000;

__int128 NanosOf(Timestamp time) { return __int128{time.seconds} * kNanosPerSecond + time.nanos; }

Result<Value> TimestampOf(__int128 nanos) {
  auto seconds = static_cast<int64_t>(nanos / kNanosPerSecond);
  auto rest = static_cast<int32_t>(nanos % kNanosPerSecond);
  if (rest < 0) {
    rest += static_cast<int32_t>(kNanosPerSecond);
    --seconds;
  }
  if (seconds < kMinTimestampSeconds || seconds > kMaxTimestampSeconds) return Overflow("the years 1 to 9999");
  return Value::Timestamp(Timestamp{.seconds = seconds, .nanos = rest});
}

Result<Value> TimestampPlus(const CallContext&, Args args) {
  return TimestampOf(NanosOf(args[0].AsTimestamp()) + args[1].AsDuration().count());
}
Result<Value> PlusTimestamp(const CallContext&, Args args) {
  return TimestampOf(NanosOf(args[1].AsTimestamp()) + args[0].AsDuration().count());
}
Result<Value> TimestampMinus(const CallContext&, Args args) {
  return TimestampOf(NanosOf(args[0].AsTimestamp()) - args[1].AsDuration().count());
}
Result<Value> Between(const CallContext&, Args args) {
  __int128 nanos = NanosOf(args[0].AsTimestamp()) - NanosOf(args[1].AsTimestamp());
  if (nanos > std::numeric_limits<int64_t>::max() || nanos < std::numeric_limits<int64_t>::min()) {
    return Overflow("duration");
  }
  return Value::Duration(nanoseconds(static_cast<int64_t>(nanos)));
}

}  // namespace

void AddArithmetic(Functions& f) {
  const Type i = Type::Int(), u = Type::Uint(), d = Type::Double();
  const Type duration = Type::Duration(), timestamp = Type::Timestamp();
  const Type list = Type::List(Type::Parameter("A"));
  f.Function("_+_", {i, i}, i, OnInts<Add<int64_t>>);
  f.Function("_+_", {u, u}, u, OnUints<Add<uint64_t>>);
  f.Function("_+_", {d, d}, d, OnDoubles<AddDoubles>);
  f.Function("_+_", {Type::String(), Type::String()}, Type::String(), ConcatenateStrings);
  f.Function("_+_", {Type::Bytes(), Type::Bytes()}, Type::Bytes(), ConcatenateBytes);
  f.Function("_+_", {list, list}, list, ConcatenateLists);
  f.Function("_+_", {timestamp, duration}, timestamp, TimestampPlus);
  f.Function("_+_", {duration, timestamp}, timestamp, PlusTimestamp);
  f.Function("_+_", {duration, duration}, duration, OnDurations<Add<int64_t>>);
  f.Function("_-_", {i, i}, i, OnInts<Subtract<int64_t>>);
  f.Function("_-_", {u, u}, u, OnUints<Subtract<uint64_t>>);
  f.Function("_-_", {d, d}, d, OnDoubles<SubtractDoubles>);
  f.Function("_-_", {timestamp, duration}, timestamp, TimestampMinus);
  f.Function("_-_", {timestamp, timestamp}, duration, Between);
  f.Function("_-_", {duration, duration}, duration, OnDurations<Subtract<int64_t>>);
  f.Function("_*_", {i, i}, i, OnInts<Multiply<int64_t>>);
  f.Function("_*_", {u, u}, u, OnUints<Multiply<uint64_t>>);
  f.Function("_*_", {d, d}, d, OnDoubles<MultiplyDoubles>);
  f.Function("_/_", {i, i}, i, DivideInts);
  f.Function("_/_", {u, u}, u, DivideUints);
  f.Function("_/_", {d, d}, d, OnDoubles<DivideDoubles>);
  f.Function("_%_", {i, i}, i, ModuloInts);
  f.Function("_%_", {u, u}, u, ModuloUints);
  f.Function("-_", {i}, i, NegateInt);
  f.Function("-_", {d}, d, NegateDouble);
}

}  // namespace coreflow::cel
