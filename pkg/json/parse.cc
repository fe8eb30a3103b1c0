#include "pkg/json/parse.h"

#include <simdjson.h>

#include <string>

namespace coreflow::json {

namespace {

constexpr size_t kMaxDepth = 256;

Error Bad(std::string what) { return {.code = Code::kInvalid, .message = "not valid JSON: " + std::move(what)}; }

constexpr Shape kWhole;
constexpr Shape kLeftOut{.read = Shape::Read::kNothing};

// How the member of that name is to be read in a value of that shape.
const Shape& ShapeOfMember(std::string_view name, const Shape& shape) {
  for (const Shape& member : shape.members) {
    if (member.name == name) return member;
  }
  return shape.read == Shape::Read::kNamed ? kLeftOut : kWhole;
}

// From simdjson's document. What is wrong with it is kept, since it hardly ever is.
class Converter {
 public:
  Value Convert(simdjson::dom::element element, const Shape& shape) {
    using Type = simdjson::dom::element_type;
    switch (element.type()) {
      case Type::ARRAY: return ConvertArray(element.get_array().value_unsafe(), shape);
      case Type::OBJECT: return ConvertObject(element.get_object().value_unsafe(), shape);
      case Type::INT64: return element.get_int64().value_unsafe();
      case Type::UINT64: return static_cast<double>(element.get_uint64().value_unsafe());
      case Type::DOUBLE: return element.get_double().value_unsafe();
      case Type::STRING: return element.get_string().value_unsafe();
      case Type::BOOL: return element.get_bool().value_unsafe();
      case Type::NULL_VALUE: return {};
    }
    problem_ = "unknown element";
    return {};
  }

  // Empty: all is well.
  const std::string& problem() const { return problem_; }

 private:
  Value ConvertArray(simdjson::dom::array source, const Shape& shape) {
    Array array;
    array.reserve(source.size());
    for (simdjson::dom::element child : source) array.push_back(Convert(child, shape));
    return array;
  }

  Value ConvertObject(simdjson::dom::object source, const Shape& shape) {
    Object object;
    for (simdjson::dom::key_value_pair member : source) {
      const Shape& inner = ShapeOfMember(member.key, shape);
      if (inner.read == Shape::Read::kNothing) continue;
      // Names mostly arrive sorted, so the end is a good place to start looking.
      const size_t before = object.size();
      object.emplace_hint(object.end(), std::string(member.key), Convert(member.value, inner));
      if (object.size() == before) problem_ = "the name \"" + std::string(member.key) + "\" stands twice in one object";
    }
    return object;
  }

  std::string problem_;
};

// A parser keeps its buffers, of ten times the size of the largest document: more than those for this many bytes are
// given back.
constexpr size_t kKeptCapacity = size_t{256} << 10;

Result<Value> ParseWith(simdjson::dom::parser& parser, std::string_view text, const Shape& shape) {
  if (parser.max_depth() != kMaxDepth) {
    if (auto error = parser.allocate(text.size() + 1, kMaxDepth)) return Bad(simdjson::error_message(error));
  }
  simdjson::dom::element root;
  if (auto error = parser.parse(text.data(), text.size(), true).get(root)) return Bad(simdjson::error_message(error));
  Converter converter;
  Value value = converter.Convert(root, shape);
  if (!converter.problem().empty()) return Bad(converter.problem());
  return value;
}

}  // namespace

Result<Value> Parse(std::string_view text, const Shape& shape) {
  // One for each thread saves allocating the buffers for every document.
  thread_local simdjson::dom::parser parser;
  auto value = ParseWith(parser, text, shape);
  if (parser.capacity() > kKeptCapacity) parser = simdjson::dom::parser();
  return value;
}

}  // namespace coreflow::json
