#include "pkg/cel/conformance/case.h"

#include <cmath>

#include "pkg/cel/number_text.h"

namespace coreflow::cel::conformance {

namespace {

Error Beyond(std::string what) { return Error{Code::kInvalid, std::move(what)}; }

Result<Value> ReadValue(const Message& message);

Result<Value> ReadObject(const Message& message) {
  if (message.entries.size() != 1 || !message.entries[0].message) return Beyond("a message");
  const Message& content = *message.entries[0].message;
  int64_t seconds = ParseInt(content.Text("seconds")).value_or(0);
  int64_t nanos = ParseInt(content.Text("nanos")).value_or(0);
  const std::string& type = message.entries[0].name;
  if (type == "[type.googleapis.com/google.protobuf.Duration]") {
    return Value::Duration(std::chrono::seconds(seconds) + std::chrono::nanoseconds(nanos));
  }
  if (type == "[type.googleapis.com/google.protobuf.Timestamp]") {
    return Value::Timestamp(Timestamp{.seconds = seconds, .nanos = static_cast<int32_t>(nanos)});
  }
  return Beyond("the message " + type);
}

Result<Value> ReadList(const Message& message) {
  Value::Elements elements;
  for (const Message* element : message.All("values")) {
    TRY(Value value, ReadValue(*element));
    elements.push_back(std::move(value));
  }
  return Value::List(std::move(elements));
}

Result<Value> ReadMap(const Message& message) {
  Value::Entries entries;
  for (const Message* entry : message.All("entries")) {
    const Message::Entry* key = entry->Find("key");
    const Message::Entry* value = entry->Find("value");
    if (key == nullptr || value == nullptr || !key->message || !value->message) return Beyond("an entry");
    TRY(Value k, ReadValue(*key->message));
    TRY(Value v, ReadValue(*value->message));
    entries.emplace_back(std::move(k), std::move(v));
  }
  return Value::Map(std::move(entries));
}

Result<Value> ReadValue(const Message& message) {
  if (message.entries.empty()) return Beyond("an empty value");
  const auto& [name, text, content] = message.entries[0];
  if (name == "null_value") return Value::Null();
  if (name == "bool_value") return Value::Bool(text == "true");
  if (name == "int64_value") return Value::Int(ParseInt(text).value_or(0));
  if (name == "uint64_value") return Value::Uint(ParseUint(text).value_or(0));
  if (name == "double_value") return Value::Double(ParseDouble(text).value_or(0));
  if (name == "string_value") return Value::String(text);
  if (name == "bytes_value") return Value::Bytes(text);
  if (name == "type_value") return Value::TypeNamed(text);
  if (name == "list_value" && content) return ReadList(*content);
  if (name == "map_value" && content) return ReadMap(*content);
  if (name == "object_value" && content) return ReadObject(*content);
  return Beyond("a value of kind " + name);
}

Result<Type> ReadType(const Message& message);

Result<Type> ReadPart(const Message& message, std::string_view name) {
  const Message::Entry* part = message.Find(name);
  return part == nullptr || !part->message ? Result<Type>(Type::Dyn()) : ReadType(*part->message);
}

Result<Type> ReadPrimitive(const std::string& name) {
  if (name == "BOOL") return Type::Bool();
  if (name == "INT64") return Type::Int();
  if (name == "UINT64") return Type::Uint();
  if (name == "DOUBLE") return Type::Double();
  if (name == "STRING") return Type::String();
  if (name == "BYTES") return Type::Bytes();
  return Beyond("the primitive type " + name);
}

Result<Type> ReadType(const Message& message) {
  if (message.entries.empty()) return Type::Dyn();
  const auto& [name, text, content] = message.entries[0];
  if (name == "primitive") return ReadPrimitive(text);
  if (name == "dyn") return Type::Dyn();
  if (name == "null") return Type::Null();
  if (name == "type") return Type::TypeType();
  if ((name == "message_type" && text == "google.protobuf.Duration") || text == "DURATION") return Type::Duration();
  if ((name == "message_type" && text == "google.protobuf.Timestamp") || text == "TIMESTAMP") return Type::Timestamp();
  if (name == "list_type" && content) {
    TRY(Type element, ReadPart(*content, "elem_type"));
    return Type::List(element);
  }
  if (name == "map_type" && content) {
    TRY(Type key, ReadPart(*content, "key_type"));
    TRY(Type value, ReadPart(*content, "value_type"));
    return Type::Map(key, value);
  }
  return Beyond("the type " + name + " " + text);
}

Result<void> ReadEnvironment(const Message& message, Case& out) {
  for (const Message* declaration : message.All("type_env")) {
    const Message::Entry* ident = declaration->Find("ident");
    if (ident == nullptr || !ident->message) return Beyond("a declared function");
    TRY(Type type, ReadPart(*ident->message, "type"));
    out.declarations.Add(declaration->Text("name"), std::move(type));
  }
  for (const Message* binding : message.All("bindings")) {
    const Message::Entry* value = binding->Find("value");
    const Message::Entry* content = value == nullptr || !value->message ? nullptr : value->message->Find("value");
    if (content == nullptr || !content->message) return Beyond("an unknown value");
    TRY(Value bound, ReadValue(*content->message));
    out.bindings.emplace(binding->Text("key"), std::move(bound));
  }
  return {};
}

Result<void> ReadExpectation(const Message& message, Case& out) {
  if (message.Find("eval_error") != nullptr || message.Find("any_eval_errors") != nullptr) return {};
  if (message.Find("unknown") != nullptr || message.Find("any_unknowns") != nullptr) return Beyond("an unknown result");
  if (message.Find("typed_result") != nullptr) return Beyond("a deduced type");
  const Message::Entry* value = message.Find("value");
  out.want = Value::Bool(true);
  if (value == nullptr || !value->message) return {};
  TRY(out.want, ReadValue(*value->message));
  return {};
}

Case ReadCase(const Message& message, std::string id) {
  Case out{.id = std::move(id),
           .expression = message.Text("expr"),
           .container = message.Text("container"),
           .unchecked = message.Text("disable_check") == "true",
           .check_only = message.Text("check_only") == "true"};
  auto environment = ReadEnvironment(message, out);
  auto expectation = ReadExpectation(message, out);
  if (!environment) out.beyond = environment.error().message;
  if (!expectation) out.beyond = expectation.error().message;
  if (!out.container.empty()) out.beyond = "a container";
  if (out.check_only) out.beyond = "a deduced type";
  return out;
}

}  // namespace

Result<std::vector<Case>> ReadCases(const std::string& file_name, const std::string& text) {
  TRY(Message file, ParseTextproto(text));
  std::vector<Case> cases;
  std::map<std::string, int> seen;
  for (const Message* section : file.All("section")) {
    for (const Message* test : section->All("test")) {
      std::string id = file_name + "/" + section->Text("name") + "/" + test->Text("name");
      if (int again = ++seen[id]; again > 1) id += "#" + std::to_string(again);
      cases.push_back(ReadCase(*test, std::move(id)));
    }
  }
  return cases;
}

bool Matches(const Value& got, const Value& want) {
  if (got.kind() != want.kind()) return false;
  if (got.Is(Value::Kind::kDouble) && std::isnan(want.AsDouble())) return std::isnan(got.AsDouble());
  return got == want;
}

}  // namespace coreflow::cel::conformance
