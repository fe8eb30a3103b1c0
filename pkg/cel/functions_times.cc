#include <chrono>

#include "pkg/base/rfc3339.h"
#include "pkg/cel/functions.h"
#include "pkg/cel/time_text.h"

namespace coreflow::cel {

namespace {

using Args = std::span<const Value>;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

// A point in time as the clocks and calendars of a place show it.
struct Local {
  std::chrono::year_month_day date;
  sys_days day;
  std::chrono::hh_mm_ss<seconds> clock;
  int32_t nanos;
};

Result<seconds> OffsetOf(const CallContext& context, const std::string& zone, Timestamp time) {
  if (zone == "UTC" || zone == "Z" || zone.empty()) return seconds(0);
  if (auto offset = ParseUtcOffset(zone)) return *offset;
  if (auto offset = context.activation.ZoneOffset(zone, time)) return *offset;
  return Invalid("time zone '" + zone.substr(0, 60) + "' is not known here; write UTC or an offset such as '+01:00'");
}

Result<Local> LocalTime(const CallContext& context, Args args) {
  Timestamp time = args[0].AsTimestamp();
  seconds offset(0);
  if (args.size() == 2) {
    TRY(offset, OffsetOf(context, args[1].AsString(), time));
  }
  sys_seconds at = sys_seconds(seconds(time.seconds)) + offset;
  auto day = std::chrono::floor<std::chrono::days>(at);
  return Local{.date = std::chrono::year_month_day(day),
               .day = day,
               .clock = std::chrono::hh_mm_ss<seconds>(at - day),
               .nanos = time.nanos};
}

int64_t FullYear(const Local& t) { return int(t.date.year()); }
int64_t Month(const Local& t) { return int64_t{unsigned(t.date.month())} - 1; }
int64_t Date(const Local& t) { return unsigned(t.date.day()); }
int64_t DayOfMonth(const Local& t) { return Date(t) - 1; }
int64_t DayOfWeek(const Local& t) { return std::chrono::weekday(t.day).c_encoding(); }
int64_t DayOfYear(const Local& t) { return (t.day - sys_days(t.date.year() / std::chrono::January / 1)).count(); }
int64_t Hours(const Local& t) { return t.clock.hours().count(); }
int64_t Minutes(const Local& t) { return t.clock.minutes().count(); }
int64_t Seconds(const Local& t) { return t.clock.seconds().count(); }
int64_t Milliseconds(const Local& t) { return t.nanos / 1'000'000; }

template <int64_t (*kPart)(const Local&)>
Result<Value> PartOfTime(const CallContext& context, Args args) {
  TRY(Local local, LocalTime(context, args));
  return Value::Int(kPart(local));
}

template <int64_t kNanos, int64_t kModulus>
Result<Value> PartOfDuration(const CallContext&, Args args) {
  int64_t count = args[0].AsDuration().count() / kNanos;
  return Value::Int(kModulus == 0 ? count : count % (kModulus == 0 ? 1 : kModulus));
}

}  // namespace

void AddTimes(Functions& f) {
  const Type t = Type::Timestamp(), d = Type::Duration(), s = Type::String(), i = Type::Int();
  auto part = [&](const char* name, Implementation run) {
    f.Member(name, {t}, i, run);
    f.Member(name, {t, s}, i, run);
  };
  part("getFullYear", PartOfTime<FullYear>);
  part("getMonth", PartOfTime<Month>);
  part("getDate", PartOfTime<Date>);
  part("getDayOfMonth", PartOfTime<DayOfMonth>);
  part("getDayOfWeek", PartOfTime<DayOfWeek>);
  part("getDayOfYear", PartOfTime<DayOfYear>);
  part("getHours", PartOfTime<Hours>);
  part("getMinutes", PartOfTime<Minutes>);
  part("getSeconds", PartOfTime<Seconds>);
  part("getMilliseconds", PartOfTime<Milliseconds>);
  f.Member("getHours", {d}, i, PartOfDuration<3'600'000'000'000, 0>);
  f.Member("getMinutes", {d}, i, PartOfDuration<60'000'000'000, 0>);
  f.Member("getSeconds", {d}, i, PartOfDuration<1'000'000'000, 0>);
  f.Member("getMilliseconds", {d}, i, PartOfDuration<1'000'000, 1'000>);
}

}  // namespace coreflow::cel
