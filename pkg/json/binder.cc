#include "pkg/json/binder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <ostream>

#include "pkg/base/closest.h"
#include "pkg/json/write.h"

namespace coreflow::json {

namespace {

// A value as a message may quote it.
std::string Shown(const Value& value) {
  constexpr size_t kLongest = 60;
  if (value.IsArray() || value.IsObject() || value.IsNull()) return value.TypeName();
  std::string text = Write(value);
  if (text.size() > kLongest) return value.TypeName();
  return fmt::format("{} {}", value.TypeName(), text);
}

std::string Joined(const std::string_view* names, size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) text.append(i == 0 ? "" : ", ").append(names[i]);
  return text;
}

size_t Characters(std::string_view utf8) {
  size_t count = 0;
  for (char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

}  // namespace

std::string Describe(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += "; ";
    text += problem.path.empty() ? problem.message : problem.path + ": " + problem.message;
  }
  return text;
}

void PrintTo(const Problem& problem, std::ostream* out) { *out << Describe({problem}); }

void AppendMember(std::string& path, std::string_view member) {
  bool plain = !member.empty();
  for (char c : member) plain = plain && (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-');
  path += plain ? "." + std::string(member) : "[" + Quote(member) + "]";
}

std::string Binder::Path() const {
  std::string path = root_;
  for (const auto& part : stack_) {
    if (const auto* index = std::get_if<size_t>(&part)) path += fmt::format("[{}]", *index);
    if (const auto* member = std::get_if<std::string_view>(&part)) AppendMember(path, *member);
  }
  return path;
}

void Binder::Report(std::string message) {
  if (++count_ <= kMostProblems) problems_.push_back({.path = Path(), .message = std::move(message)});
}

std::vector<Problem> Binder::Take() {
  if (count_ > kMostProblems) {
    problems_.push_back({.path = root_, .message = fmt::format("{} more problems", count_ - kMostProblems)});
  }
  count_ = 0;
  return std::exchange(problems_, {});
}

std::string Binder::Suggest(std::string_view word, const std::vector<std::string_view>& candidates) const {
  return count_ < kMostProblems ? DidYouMean(word, candidates) : "";
}

bool Binder::Expect(const Value& value, bool holds, const char* type) {
  if (!holds) Report(fmt::format("expected {}, got {}", type, Shown(value)));
  return holds;
}

void Binder::Read(const Value& value, bool& out) {
  if (Expect(value, value.IsBool(), "boolean")) out = value.AsBool();
}

void Binder::Read(const Value& value, int64_t& out) {
  // 4.0 is an integer to JSON Schema, and so to the API server.
  constexpr double kLimit = 9223372036854775808.0;
  bool whole = value.IsDouble() && std::trunc(value.AsDouble()) == value.AsDouble() && value.AsDouble() >= -kLimit &&
               value.AsDouble() < kLimit;
  if (!Expect(value, value.IsInt() || whole, "integer")) return;
  out = value.IsInt() ? value.AsInt() : static_cast<int64_t>(value.AsDouble());
}

void Binder::Read(const Value& value, double& out) {
  if (Expect(value, value.IsNumber(), "number")) out = value.AsDouble();
}

void Binder::Read(const Value& value, std::string& out) {
  if (Expect(value, value.IsString(), "string")) out = value.AsString();
}

void Binder::Read(const Value& value, Time& out) {
  if (!Expect(value, value.IsString(), "time such as 2026-11-21T03:37:00Z")) return;
  std::optional<Time> time = ParseTime(value.AsString());
  if (Expect(value, time.has_value(), "time such as 2026-11-21T03:37:00Z")) out = *time;
}

std::optional<size_t> Binder::ReadEnum(const Value& value, const std::string_view* names, size_t count) {
  for (size_t i = 0; i < count && value.IsString(); ++i) {
    if (names[i] == value.AsString()) return i;
  }
  const std::string nearest = value.IsString() ? Suggest(value.AsString(), {names, names + count}) : "";
  Report(fmt::format("expected one of {}, got {}{}", Joined(names, count), Shown(value), nearest));
  return std::nullopt;
}

void Binder::ReportUnknown(const Value& object, const std::vector<std::string_view>& known) {
  for (const auto& [name, ignored] : object.Members()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    Scope scope(*this, name);
    Report("unknown field" + Suggest(name, known));
  }
}

void Binder::Check(const std::string& value, const FieldRules& rules) {
  size_t length = Characters(value);
  if (length < rules.min_length) {
    Report(rules.min_length == 1 ? "must not be empty" : fmt::format("needs at least {} characters", rules.min_length));
  }
  if (rules.max_length != 0 && length > rules.max_length) {
    Report(fmt::format("has {} characters, at most {} are allowed", length, rules.max_length));
  }
}

void Binder::Check(int64_t value, const FieldRules& rules) {
  if (rules.minimum && value < *rules.minimum) Report(fmt::format("must be at least {}, is {}", *rules.minimum, value));
  if (rules.maximum && value > *rules.maximum) Report(fmt::format("must be at most {}, is {}", *rules.maximum, value));
}

void Binder::CheckSize(size_t size, const FieldRules& rules) {
  // An empty list is the same as none.
  if (size != 0 && size < rules.min_items) Report(fmt::format("needs at least {} elements", rules.min_items));
  if (rules.max_items != 0 && size > rules.max_items) {
    Report(fmt::format("has {} elements, at most {} are allowed", size, rules.max_items));
  }
}

}  // namespace coreflow::json
