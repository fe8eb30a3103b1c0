#include <algorithm>
#include <limits>

#include "pkg/cel/functions.h"
#include "pkg/cel/text_search.h"
#include "pkg/cel/utf8.h"

namespace coreflow::cel {

// The functions that cel-go's and Kubernetes' string libraries add. Positions count code points.
namespace {

using Args = std::span<const Value>;

Error OutOfRange(int64_t index) { return Invalid("position " + std::to_string(index) + " is outside the text"); }

// A text with the byte offset of every code point.
struct Indexed {
  explicit Indexed(const std::string& value) : text(value), offsets(CodePointOffsets(value)) {}

  int64_t size() const { return static_cast<int64_t>(offsets.size()) - 1; }
  size_t Byte(int64_t position) const { return offsets[static_cast<size_t>(position)]; }
  int64_t Position(size_t byte) const {
    if (byte == std::string_view::npos) return -1;
    return std::lower_bound(offsets.begin(), offsets.end(), byte) - offsets.begin();
  }

  const std::string& text;
  const std::vector<uint32_t> offsets;
};

Result<Value> CharAt(const CallContext&, Args args) {
  Indexed text(args[0].AsString());
  int64_t index = args[1].AsInt();
  if (index < 0 || index > text.size()) return OutOfRange(index);
  if (index == text.size()) return Value::String("");
  return Value::String(std::string_view(text.text).substr(text.Byte(index), text.Byte(index + 1) - text.Byte(index)));
}

Result<Value> IndexOf(const CallContext&, Args args) {
  Indexed text(args[0].AsString());
  int64_t from = args.size() == 3 ? args[2].AsInt() : 0;
  if (from < 0 || (args[1].AsString().empty() ? from > text.size() : from >= text.size() && from > 0)) {
    return OutOfRange(from);
  }
  return Value::Int(text.Position(FindText(text.text, args[1].AsString(), text.Byte(from))));
}

Result<Value> LastIndexOf(const CallContext&, Args args) {
  Indexed text(args[0].AsString());
  int64_t from = args.size() == 3 ? args[2].AsInt() : text.size();
  if (from < 0 || (args.size() == 3 && !args[1].AsString().empty() && from >= text.size() && text.size() > 0)) {
    return OutOfRange(from);
  }
  if (from > text.size()) return OutOfRange(from);
  return Value::Int(text.Position(FindLastText(text.text, args[1].AsString(), text.Byte(from))));
}

template <char kFirst, char kLast, int kShift>
Result<Value> MapAscii(const CallContext& context, Args args) {
  TRY_VOID(context.meter.ProduceBytes(args[0].AsString().size()));
  std::string text = args[0].AsString();
  for (char& c : text) {
    if (c >= kFirst && c <= kLast) c = static_cast<char>(c + kShift);
  }
  return Value::String(text);
}

// The length of the code point at the front, for walks over text that is known to be UTF-8.
size_t FrontLength(std::string_view text) {
  std::string_view rest = text;
  return TakeCodePoint(rest) ? text.size() - rest.size() : 1;
}

Result<Value> Replace(const CallContext& context, Args args) {
  std::string_view text = args[0].AsString();
  std::string_view from = args[1].AsString();
  const std::string& to = args[2].AsString();
  int64_t left = args.size() == 4 ? args[3].AsInt() : -1;
  std::string out;
  size_t at = 0;
  while (left != 0) {
    size_t found = FindText(text, from, at);
    if (found == std::string_view::npos) break;
    TRY_VOID(context.meter.Charge(1));
    TRY_VOID(context.meter.CheckBytes(out.size() + (found - at) + to.size()));
    out.append(text.substr(at, found - at)).append(to);
    at = found + from.size();
    if (left > 0) --left;
    if (!from.empty()) continue;
    if (at >= text.size()) break;
    size_t length = FrontLength(text.substr(at));  // between all code points, as Go's strings.Replace does
    out.append(text.substr(at, length));
    at += length;
  }
  TRY_VOID(context.meter.ProduceBytes(out.size() + (text.size() - at)));
  out.append(text.substr(at));
  return Value::String(out);
}

Result<Value> Split(const CallContext& context, Args args) {
  std::string_view text = args[0].AsString();
  std::string_view separator = args[1].AsString();
  int64_t limit = args.size() == 3 ? args[2].AsInt() : -1;
  Value::Elements parts;
  if (limit == 0) return Value::List({});
  size_t at = 0;
  while (limit < 0 || static_cast<int64_t>(parts.size()) + 1 < limit) {
    size_t found =
        separator.empty() ? at + (at < text.size() ? FrontLength(text.substr(at)) : 1) : FindText(text, separator, at);
    if (found == std::string_view::npos || (separator.empty() && found >= text.size())) break;
    TRY_VOID(context.meter.Charge(1));
    TRY_VOID(context.meter.CheckElements(parts.size() + 2));
    parts.push_back(Value::String(text.substr(at, found - at)));
    at = found + separator.size();
  }
  if (!separator.empty() || at < text.size()) parts.push_back(Value::String(text.substr(at)));
  return Value::List(std::move(parts));
}

Result<Value> Substring(const CallContext& context, Args args) {
  Indexed text(args[0].AsString());
  int64_t begin = args[1].AsInt();
  int64_t end = args.size() == 3 ? args[2].AsInt() : text.size();
  if (begin < 0 || begin > text.size()) return OutOfRange(begin);
  if (end < begin || end > text.size()) return OutOfRange(end);
  size_t length = text.Byte(end) - text.Byte(begin);
  TRY_VOID(context.meter.ProduceBytes(length));
  return Value::String(std::string_view(text.text).substr(text.Byte(begin), length));
}

// Unicode's White_Space property.
bool IsSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

Result<Value> Trim(const CallContext&, Args args) {
  std::string_view text = args[0].AsString();
  std::string_view rest = text;
  size_t first = text.size();
  size_t last = 0;
  while (!rest.empty()) {
    size_t at = text.size() - rest.size();
    auto code_point = TakeCodePoint(rest);
    if (!code_point) break;
    if (IsSpace(*code_point)) continue;
    first = std::min(first, at);
    last = text.size() - rest.size();
  }
  return Value::String(first < last ? text.substr(first, last - first) : "");
}

Result<Value> Join(const CallContext& context, Args args) {
  std::string out;
  bool first = true;
  for (const Value& element : args[0].AsList()) {
    TRY_VOID(context.meter.Charge(1));
    if (!element.Is(Value::Kind::kString))
      return Invalid("join() needs a list of strings, not of " + element.TypeName());
    if (!first && args.size() == 2) out += args[1].AsString();
    first = false;
    out += element.AsString();
    TRY_VOID(context.meter.CheckBytes(out.size()));
  }
  TRY_VOID(context.meter.ProduceBytes(out.size()));
  return Value::String(out);
}

Result<Value> Reverse(const CallContext& context, Args args) {
  TRY_VOID(context.meter.ProduceBytes(args[0].AsString().size()));
  std::string_view text = args[0].AsString();
  std::string out;
  out.reserve(text.size());
  std::vector<uint32_t> offsets = CodePointOffsets(text);
  for (size_t i = offsets.size() - 1; i > 0; --i) out.append(text.substr(offsets[i - 1], offsets[i] - offsets[i - 1]));
  return Value::String(out);
}

}  // namespace

void AddStringExtension(Functions& f) {
  const Type s = Type::String(), i = Type::Int();
  const Type list = Type::List(s);
  f.Member("charAt", {s, i}, s, CharAt);
  f.Member("indexOf", {s, s}, i, IndexOf);
  f.Member("indexOf", {s, s, i}, i, IndexOf);
  f.Member("lastIndexOf", {s, s}, i, LastIndexOf);
  f.Member("lastIndexOf", {s, s, i}, i, LastIndexOf);
  f.Member("lowerAscii", {s}, s, MapAscii<'A', 'Z', 'a' - 'A'>);
  f.Member("upperAscii", {s}, s, MapAscii<'a', 'z', 'A' - 'a'>);
  f.Member("replace", {s, s, s}, s, Replace);
  f.Member("replace", {s, s, s, i}, s, Replace);
  f.Member("split", {s, s}, list, Split);
  f.Member("split", {s, s, i}, list, Split);
  f.Member("substring", {s, i}, s, Substring);
  f.Member("substring", {s, i, i}, s, Substring);
  f.Member("trim", {s}, s, Trim);
  f.Member("reverse", {s}, s, Reverse);
  f.Member("join", {list}, s, Join);
  f.Member("join", {list, s}, s, Join);
}

}  // namespace coreflow::cel
