#include <ostream>

#include "pkg/base/base64.h"
#include "pkg/cel/number_text.h"
#include "pkg/cel/time_text.h"
#include "pkg/cel/value.h"
#include "pkg/json/write.h"

namespace coreflow::cel {

namespace {

std::string Text(const Value& value) {
  using enum Value::Kind;
  std::string out;
  switch (value.kind()) {
    case kNull: return "null";
    case kBool: return value.AsBool() ? "true" : "false";
    case kInt: return std::to_string(value.AsInt());
    case kUint: return std::to_string(value.AsUint()) + "u";
    case kDouble: return "double(" + FormatDouble(value.AsDouble()) + ")";
    case kString: return json::Quote(value.AsString());
    case kBytes: return "base64(" + EncodeBase64(value.AsBytes()) + ")";
    case kDuration: return "duration('" + FormatDuration(value.AsDuration()) + "')";
    case kTimestamp: return "timestamp('" + FormatTimestamp(value.AsTimestamp()) + "')";
    case kType: return value.AsTypeName();
    case kQuantity: return "quantity('" + value.AsQuantity().ToString() + "')";
    case kList:
      for (const Value& element : value.AsList()) out += (out.empty() ? "" : ", ") + Text(element);
      return "[" + out + "]";
    case kMap:
      for (const auto& [key, entry] : value.AsMap().entries())
        out += (out.empty() ? "" : ", ") + Text(key) + ": " + Text(entry);
      return "{" + out + "}";
    case kStruct: return value.AsStruct().type().name() + "{…}";
  }
  return out;
}

}  // namespace

void PrintTo(const Value& value, std::ostream* out) {
  std::string text = Text(value);
  out->write(text.data(), static_cast<std::streamsize>(text.size()));
}

}  // namespace coreflow::cel
