#include "pkg/json/parse.h"

#include <simdjson.h>

#include <string>

namespace coreflow::json {

namespace {

constexpr size_t kMaxDepth = 256;

Error Bad(std::string what) { return {.code = Code::kInvalid, .message = "not valid JSON: " + std::move(what)}; }

using Path = std::span<const std::string_view>;

Result<Value> Convert(simdjson::dom::element element, Path without);

Result<Value> ConvertArray(simdjson::dom::array source, Path without) {
  Array array;
  array.reserve(source.size());
  for (simdjson::dom::element child : source) {
    TRY(Value value, Convert(child, without));
    array.push_back(std::move(value));
  }
  return Value(std::move(array));
}

Result<Value> ConvertObject(simdjson::dom::object source, Path without) {
  Object object;
  for (simdjson::dom::key_value_pair member : source) {
    const bool on_path = !without.empty() && member.key == without.front();
    if (on_path && without.size() == 1) continue;
    TRY(Value value, Convert(member.value, on_path ? without.subspan(1) : Path()));
    // Names mostly arrive sorted, so the end is a good place to start looking.
    size_t before = object.size();
    object.emplace_hint(object.end(), std::string(member.key), std::move(value));
    if (object.size() == before) return Bad("the name \"" + std::string(member.key) + "\" stands twice in one object");
  }
  return Value(std::move(object));
}

Result<Value> Convert(simdjson::dom::element element, Path without) {
  using Type = simdjson::dom::element_type;
  switch (element.type()) {
    case Type::ARRAY: return ConvertArray(element.get_array().value_unsafe(), without);
    case Type::OBJECT: return ConvertObject(element.get_object().value_unsafe(), without);
    case Type::INT64: return Value(element.get_int64().value_unsafe());
    case Type::UINT64: return Value(static_cast<double>(element.get_uint64().value_unsafe()));
    case Type::DOUBLE: return Value(element.get_double().value_unsafe());
    case Type::STRING: return Value(element.get_string().value_unsafe());
    case Type::BOOL: return Value(element.get_bool().value_unsafe());
    case Type::NULL_VALUE: return Value();
  }
  return Bad("unknown element");
}

}  // namespace

Result<Value> Parse(std::string_view text, std::span<const std::string_view> without) {
  // A parser keeps its buffers; one for each thread saves allocating them for every document.
  thread_local simdjson::dom::parser parser;
  if (parser.max_depth() != kMaxDepth) {
    if (auto error = parser.allocate(text.size() + 1, kMaxDepth)) return Bad(simdjson::error_message(error));
  }
  simdjson::dom::element root;
  if (auto error = parser.parse(text.data(), text.size(), true).get(root)) return Bad(simdjson::error_message(error));
  return Convert(root, without);
}

}  // namespace coreflow::json
