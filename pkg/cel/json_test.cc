#include "pkg/cel/json.h"

#include <gtest/gtest.h>

#include <cmath>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::cel {
namespace {

std::string Print(const Value& value) { return testing::PrintToString(value); }

std::string Declared(const char* text, const Type& type) {
  auto value = FromJson(*json::Parse(text), type);
  return value ? Print(*value) : value.error().message;
}

TEST(FromJson, KeepsIntegersAndDoublesApart) {
  EXPECT_EQ(Print(FromJson(*json::Parse(R"({"b": [1, 1.0, null, true], "a": "x"})"))),
            R"({"a": "x", "b": [1, double(1), null, true]})");
}

TEST(FromJson, GivesWhatWasDeclared) {
  EXPECT_EQ(Declared("1", Type::Double()), "double(1)");
  EXPECT_EQ(Declared("1.0", Type::Int()), "1");
  EXPECT_EQ(Declared("7", Type::Uint()), "7u");
  EXPECT_EQ(Declared("[1, 2.0]", Type::List(Type::Int())), "[1, 2]");
  EXPECT_EQ(Declared("{\"a\": 1}", Type::Map(Type::String(), Type::Double())), "{\"a\": double(1)}");
  EXPECT_EQ(Declared("\"90s\"", Type::Duration()), "duration('90s')");
  EXPECT_EQ(Declared("\"2026-11-21T03:37:00Z\"", Type::Timestamp()), "timestamp('2026-11-21T03:37:00Z')");
  EXPECT_EQ(Declared("\"2Gi\"", Type::Quantity()), "quantity('2Gi')");
  EXPECT_EQ(Declared("\"YWI=\"", Type::Bytes()), "base64(YWI=)");
  EXPECT_EQ(Declared("[1, 1.5]", Type::Dyn()), "[1, double(1.5)]");
}

TEST(FromJson, SaysWhereAValueDoesNotFit) {
  EXPECT_EQ(Declared("1.5", Type::Int()), "expected int, got number");
  EXPECT_EQ(Declared("1e300", Type::Int()), "expected int, got number");
  EXPECT_EQ(Declared("-1", Type::Uint()), "expected uint, got integer");
  EXPECT_EQ(Declared("\"1\"", Type::Int()), "expected int, got string");
  EXPECT_EQ(Declared("null", Type::String()), "expected string, got null");
  EXPECT_EQ(Declared("[1, \"a\"]", Type::List(Type::Int())), "[1]: expected int, got string");
  EXPECT_EQ(Declared("{\"a\": [true]}", Type::Map(Type::String(), Type::List(Type::Int()))),
            ".a[0]: expected int, got boolean");
  EXPECT_EQ(Declared("\"soon\"", Type::Timestamp()), "'soon' is no timestamp");
  EXPECT_EQ(Declared("{}", Type::Map(Type::Int(), Type::Int())), "expected map(int, int), got object");
}

TEST(FromJson, MakesStructs) {
  Type type = Type::Struct(
      "outputs", {{"words", Type::Double()}, {"file_name", Type::String(), "file-name"}, {"gone", Type::Int()}});
  auto value = *FromJson(*json::Parse(R"({"words": 3, "file-name": "x", "gone": null, "other": 1})"), type);
  EXPECT_EQ(Print(*value.AsStruct().Field("words")), "double(3)");
  EXPECT_EQ(value.AsStruct().Field("gone").error().code, Code::kNotFound);
  EXPECT_EQ(json::Write(*ToJson(value)), R"({"file_name":"x","words":3.0})");
  EXPECT_EQ(Declared(R"({"words": "x"})", type), ".words: expected double, got string");
}

TEST(ToJson, FollowsTheMappingOfTheSpecification) {
  auto write = [](const Value& value) {
    auto result = ToJson(value);
    return result ? json::Write(*result) : result.error().message;
  };
  EXPECT_EQ(write(Value::Uint(UINT64_MAX)), "\"18446744073709551615\"");
  EXPECT_EQ(write(Value::Uint(5)), "5");
  EXPECT_EQ(write(Value::Double(NAN)), "\"NaN\"");
  EXPECT_EQ(write(Value::Double(-INFINITY)), "\"-Infinity\"");
  EXPECT_EQ(write(Value::Bytes(std::string("\0\xff", 2))), "\"AP8=\"");
  EXPECT_EQ(write(Value::Duration(std::chrono::milliseconds(1500))), "\"1.5s\"");
  EXPECT_EQ(write(*Value::Map({{Value::Int(1), Value::Bool(true)}, {Value::Bool(false), Value::Null()}})),
            R"({"1":true,"false":null})");
  EXPECT_EQ(write(*Value::Map({{Value::Int(1), Value::Null()}, {Value::String("1"), Value::Null()}})),
            "two keys of the map are both '1' in JSON");
  EXPECT_EQ(write(Value::List({Value::TypeNamed("int")})), "a type (int) has no JSON form");
}

TEST(ToJson, RoundTripsWhatJsonCanSay) {
  for (const char* text : {"null", "[1,2.5,\"x\",{\"a\":[]}]", "{\"b\":{\"c\":null}}", "-9223372036854775808"}) {
    EXPECT_EQ(json::Write(*ToJson(FromJson(*json::Parse(text)))), text);
  }
}

}  // namespace
}  // namespace coreflow::cel
