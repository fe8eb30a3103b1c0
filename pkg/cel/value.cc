#include "pkg/cel/value.h"

#include <algorithm>

#include "pkg/base/overloaded.h"
#include "pkg/cel/compare.h"
#include "pkg/cel/utf8.h"

namespace coreflow::cel {

namespace {

std::string ReplaceBadBytes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::string_view before = text;
    if (TakeCodePoint(text)) {
      out.append(before.substr(0, before.size() - text.size()));
    } else {
      out += "\xEF\xBF\xBD";
      text.remove_prefix(1);
    }
  }
  return out;
}

bool CanBeKey(const Value& value) {
  using enum Value::Kind;
  return value.Is(kBool) || value.Is(kInt) || value.Is(kUint) || value.Is(kString);
}

}  // namespace

Value Value::String(std::string_view text) {
  return Value(State(SharedText<Kind::kString>{
      std::make_shared<const std::string>(IsUtf8(text) ? std::string(text) : ReplaceBadBytes(text))}));
}

Value Value::Bytes(std::string bytes) {
  return Value(State(SharedText<Kind::kBytes>{std::make_shared<const std::string>(std::move(bytes))}));
}

Value Value::Duration(std::chrono::nanoseconds value) { return Value(State(value)); }

Value Value::Timestamp(Time time) {
  auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return Timestamp(cel::Timestamp{.seconds = seconds.time_since_epoch().count(),
                                  .nanos = static_cast<int32_t>(std::chrono::nanoseconds(time - seconds).count())});
}

Value Value::TypeNamed(std::string name) {
  return Value(State(SharedText<Kind::kType>{std::make_shared<const std::string>(std::move(name))}));
}

Value Value::Quantity(cel::Quantity value) { return Value(State(std::make_shared<const cel::Quantity>(value))); }

Value Value::List(Elements elements) { return Value(State(std::make_shared<const Elements>(std::move(elements)))); }

Result<Value> Value::Map(Entries entries) {
  for (const auto& [key, value] : entries) {
    if (!CanBeKey(key)) {
      return Error{Code::kInvalid, "a key of a map must be bool, int, uint or string, not " + key.TypeName()};
    }
  }
  auto less = [](const auto& a, const auto& b) { return KeyLess(a.first, b.first); };
  std::stable_sort(entries.begin(), entries.end(), less);
  for (size_t i = 1; i < entries.size(); ++i) {
    if (!less(entries[i - 1], entries[i])) return Error{Code::kInvalid, "a map has the same key twice"};
  }
  return Value(State(std::shared_ptr<const cel::Map>(new cel::Map(std::move(entries)))));
}

Value Value::StringMap(std::map<std::string, Value> entries) {
  Entries list;
  list.reserve(entries.size());
  for (auto& [key, value] : entries) list.emplace_back(String(key), std::move(value));
  auto less = [](const auto& a, const auto& b) { return a.first.AsString() < b.first.AsString(); };
  std::stable_sort(list.begin(), list.end(), less);
  // Two names that differ in bad bytes only meet in one U+FFFD.
  auto same = [](const auto& a, const auto& b) { return a.first.AsString() == b.first.AsString(); };
  list.erase(std::unique(list.begin(), list.end(), same), list.end());
  return Value(State(std::shared_ptr<const cel::Map>(new cel::Map(std::move(list)))));
}

Value Value::Struct(std::shared_ptr<const cel::Struct> value) {
  CHECK(value != nullptr, "a struct value has a struct");
  return Value(State(std::move(value)));
}

std::string Value::TypeName() const {
  if (Is(Kind::kStruct)) return AsStruct().type().name();
  constexpr const char* kNames[] = {"null_type",
                                    "bool",
                                    "int",
                                    "uint",
                                    "double",
                                    "string",
                                    "bytes",
                                    "google.protobuf.Duration",
                                    "google.protobuf.Timestamp",
                                    "type",
                                    "kubernetes.Quantity",
                                    "list",
                                    "map"};
  return kNames[state_.index()];
}

bool Value::operator==(const Value& other) const {
  if (kind() != other.kind()) return false;
  return std::visit(
      overloaded{
          [](std::monostate) { return true; },
          [&](bool value) { return value == other.AsBool(); },
          [&](int64_t value) { return value == other.AsInt(); },
          [&](uint64_t value) { return value == other.AsUint(); },
          [&](double value) { return value == other.AsDouble(); },
          [&](const SharedText<Kind::kString>& value) { return *value.text == other.AsString(); },
          [&](const SharedText<Kind::kBytes>& value) { return *value.text == other.AsBytes(); },
          [&](std::chrono::nanoseconds value) { return value == other.AsDuration(); },
          [&](const cel::Timestamp& value) { return value == other.AsTimestamp(); },
          [&](const SharedText<Kind::kType>& value) { return *value.text == other.AsTypeName(); },
          [&](const std::shared_ptr<const cel::Quantity>& value) { return *value == other.AsQuantity(); },
          [&](const std::shared_ptr<const Elements>& value) { return *value == other.AsList(); },
          [&](const std::shared_ptr<const cel::Map>& value) { return value->entries() == other.AsMap().entries(); },
          [&](const std::shared_ptr<const cel::Struct>& value) { return value.get() == &other.AsStruct(); },
      },
      state_);
}

const Value* Map::Find(const Value& key) const {
  if (!CanBeKey(key) && !key.Is(Value::Kind::kDouble)) return nullptr;
  if (key.Is(Value::Kind::kDouble) && key.AsDouble() != key.AsDouble()) return nullptr;
  auto it = std::lower_bound(entries_.begin(), entries_.end(), key,
                             [](const auto& entry, const Value& wanted) { return KeyLess(entry.first, wanted); });
  return it == entries_.end() || KeyLess(key, it->first) ? nullptr : &it->second;
}

const Value* Map::Find(std::string_view key) const {
  auto it = std::lower_bound(entries_.begin(), entries_.end(), key, [](const auto& entry, std::string_view wanted) {
    return !entry.first.Is(Value::Kind::kString) || entry.first.AsString() < wanted;
  });
  return it == entries_.end() || it->first.AsString() != key ? nullptr : &it->second;
}

}  // namespace coreflow::cel
