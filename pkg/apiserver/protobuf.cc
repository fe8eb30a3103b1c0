#include "pkg/apiserver/protobuf.h"

#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "pkg/apiserver/schemas.h"
#include "pkg/base/base64.h"
#include "pkg/base/time.h"
#include "pkg/json/parse.h"

namespace coreflow::apiserver {

namespace {

constexpr int kMostDepth = 64;
constexpr uint64_t kLatest = 253'402'300'799;  // the end of the year 9999
constexpr std::string_view kMagic("k8s\0", 4);
constexpr std::string_view kRef = "#/components/schemas/";

Error Bad(const std::string& what) { return Error{Code::kInvalid, "no protobuf of Kubernetes: " + what}; }

// One field as it stands in the bytes.
struct Field {
  uint64_t number = 0;
  bool nested = false;  // `bytes`; else `value`
  bool fixed64 = false;
  uint64_t value = 0;
  std::string_view bytes = {};
};

// Goes from field to field of one message.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  bool done() const { return bytes_.empty(); }
  Result<Field> Next() {
    TRY(const uint64_t tag, Varint());
    Field field{.number = tag >> 3};
    switch (tag & 7) {
      case 0: {
        TRY(field.value, Varint());
        return field;
      }
      case 1: {
        field.fixed64 = true;
        TRY(field.value, Fixed(8));
        return field;
      }
      case 2: {
        TRY(const uint64_t size, Varint());
        if (size > bytes_.size()) return Bad("it ends too early");
        field.nested = true;
        field.bytes = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return field;
      }
      case 5: {
        TRY(field.value, Fixed(4));
        return field;
      }
      default: return Bad("an unknown type of field");
    }
  }

 private:
  Result<uint64_t> Varint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return Bad("it ends within a number");
  }
  Result<uint64_t> Fixed(size_t size) {
    if (bytes_.size() < size) return Bad("it ends too early");
    uint64_t value = 0;
    for (size_t i = 0; i < size; ++i) {
      value |= static_cast<uint64_t>(static_cast<unsigned char>(bytes_[i])) << (8 * i);
    }
    bytes_.remove_prefix(size);
    return value;
  }

  std::string_view bytes_;
};

// The first field of that number; empty when there is none.
Result<Field> FieldOf(std::string_view message, uint64_t number) {
  Field found;
  for (Reader reader(message); !reader.done();) {
    TRY(const Field field, reader.Next());
    if (field.number == number && found.number == 0) found = field;
  }
  return found;
}

const json::Value& SchemaNamed(std::string_view name) { return KubernetesDocument()["components"]["schemas"][name]; }

std::string NameIn(const json::Value& reference) { return reference.AsString().substr(kRef.size()); }

// The type that a schema names; empty when it is one itself.
std::string TypeOf(const json::Value& schema) {
  if (schema["$ref"].IsString()) return NameIn(schema["$ref"]);
  const json::Array& all = schema["allOf"].Elements();
  return all.size() == 1 && all[0]["$ref"].IsString() ? NameIn(all[0]["$ref"]) : "";
}

bool IsZero(const json::Value& value) {
  return value.IsNull() || value == json::Value("") || value == json::Value(0) || value == json::Value(false);
}

Result<json::Value> ReadTime(std::string_view bytes, bool micro) {
  TRY(const Field seconds, FieldOf(bytes, 1));
  TRY(const Field nanos, FieldOf(bytes, 2));
  if (seconds.value == 0 && nanos.value == 0) return json::Value();
  if (seconds.value > kLatest) return Bad("a time that is none");
  const Time time{std::chrono::seconds(seconds.value)};
  std::string text = FormatTime(time);
  if (micro) {
    const std::string micros = std::to_string(1'000'000 + nanos.value / 1000 % 1'000'000);
    text.insert(text.size() - 1, "." + micros.substr(1));
  }
  return json::Value(std::move(text));
}

// Types that are written in JSON in a way of their own; nullopt for others.
Result<std::optional<json::Value>> ReadSpecial(const std::string& type, std::string_view bytes) {
  const std::string_view word = std::string_view(type).substr(type.rfind('.') + 1);
  if (word == "Time" || word == "MicroTime") {
    TRY(json::Value time, ReadTime(bytes, word == "MicroTime"));
    return std::optional(std::move(time));
  }
  if (word == "Quantity") {
    TRY(const Field text, FieldOf(bytes, 1));
    return std::optional(json::Value(text.bytes));
  }
  if (word == "IntOrString") {
    TRY(const Field kind, FieldOf(bytes, 1));
    TRY(const Field number, FieldOf(bytes, 2));
    TRY(const Field text, FieldOf(bytes, 3));
    return std::optional(kind.value == 0 ? json::Value(static_cast<int64_t>(number.value)) : json::Value(text.bytes));
  }
  if (word == "FieldsV1" || word == "RawExtension") {
    TRY(const Field raw, FieldOf(bytes, 1));
    TRY(json::Value parsed, json::Parse(raw.bytes));
    return std::optional(std::move(parsed));
  }
  return std::optional<json::Value>();
}

class Decoder {
 public:
  // The fields of a message put into `members`. `numbers` says their names, `properties` what they are.
  Result<void> ReadInto(std::string_view bytes, const std::string& numbers, const json::Value& properties, int depth,
                        json::Object& members) {
    if (depth > kMostDepth) return Bad("it is too deep");
    const json::Value& names = KubernetesDocument()["numbers"][numbers];
    for (Reader reader(bytes); !reader.done();) {
      TRY(const Field field, reader.Next());
      const std::string name = names[std::to_string(field.number)].StringOr("");
      if (name.empty()) continue;
      if (name[0] == '*') {
        TRY_VOID(ReadInto(field.bytes, name.substr(1), properties, depth + 1, members));
        continue;
      }
      const bool drops_zero = name[0] == '?';
      const std::string key = name.substr(drops_zero ? 1 : 0);
      TRY_VOID(ReadMember(field, properties[key], depth, members[key]));
      if (drops_zero && IsZero(members[key])) members.erase(key);
    }
    return {};
  }

 private:
  Result<void> ReadMember(const Field& field, const json::Value& schema, int depth, json::Value& member) {
    if (schema["type"] == json::Value("array")) {
      TRY(json::Value element, ReadValue(field, schema["items"], depth));
      json::Array elements = member.Elements();
      elements.push_back(std::move(element));
      member = std::move(elements);
      return {};
    }
    if (!schema["additionalProperties"].IsNull()) {
      TRY(const Field key, FieldOf(field.bytes, 1));
      TRY(Field value, FieldOf(field.bytes, 2));
      value.nested = value.nested || value.number == 0;
      TRY(json::Value read, ReadValue(value, schema["additionalProperties"], depth));
      json::Object entries = member.Members();
      entries[std::string(key.bytes)] = std::move(read);
      member = std::move(entries);
      return {};
    }
    TRY(member, ReadValue(field, schema, depth));
    return {};
  }

  Result<json::Value> ReadValue(const Field& field, const json::Value& schema, int depth) {
    if (const std::string type = TypeOf(schema); !type.empty()) {
      TRY(auto special, ReadSpecial(type, field.bytes));
      if (special) return *std::move(special);
      json::Object members;
      TRY_VOID(ReadInto(field.bytes, type, SchemaNamed(type)["properties"], depth + 1, members));
      return json::Value(std::move(members));
    }
    if (field.nested) {
      if (schema["format"] == json::Value("byte")) return json::Value(EncodeBase64(field.bytes));
      return json::Value(field.bytes);
    }
    if (schema["type"] == json::Value("boolean")) return json::Value(field.value != 0);
    if (field.fixed64) return json::Value(std::bit_cast<double>(field.value));
    return json::Value(static_cast<int64_t>(field.value));
  }
};

std::string TypeNamed(const std::string& api_version, const std::string& kind) {
  if (kind == "DeleteOptions") return "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";
  const size_t slash = api_version.find('/');
  const json::Value wanted =
      json::Object{{"group", slash == std::string::npos ? "" : api_version.substr(0, slash)},
                   {"version", slash == std::string::npos ? api_version : api_version.substr(slash + 1)},
                   {"kind", kind}};
  for (const auto& [name, schema] : KubernetesDocument()["components"]["schemas"].Members()) {
    for (const json::Value& one : schema["x-kubernetes-group-version-kind"].Elements()) {
      if (one == wanted) return name;
    }
  }
  return "";
}

}  // namespace

Result<json::Value> FromProtobuf(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) return Bad("it does not start as one");
  bytes.remove_prefix(kMagic.size());
  TRY(const Field meta, FieldOf(bytes, 1));
  TRY(const Field raw, FieldOf(bytes, 2));
  TRY(const Field api_version, FieldOf(meta.bytes, 1));
  TRY(const Field kind, FieldOf(meta.bytes, 2));
  const std::string type = TypeNamed(std::string(api_version.bytes), std::string(kind.bytes));
  if (KubernetesDocument()["numbers"][type].IsNull())
    return Bad("the kind " + std::string(kind.bytes) + " is not known");
  json::Object members;
  TRY_VOID(Decoder().ReadInto(raw.bytes, type, SchemaNamed(type)["properties"], 0, members));
  members["apiVersion"] = api_version.bytes;
  members["kind"] = kind.bytes;
  return json::Value(std::move(members));
}

}  // namespace coreflow::apiserver
