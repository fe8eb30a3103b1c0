#include "pkg/cel/value.h"

#include <gtest/gtest.h>

namespace coreflow::cel {
namespace {

TEST(Value, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(Value::String("a\xff\xc3\xa4").AsString(), "a\xEF\xBF\xBD\xc3\xa4");
  EXPECT_EQ(Value::String("\xed\xa0\x80").AsString(), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD") << "a surrogate";
  EXPECT_EQ(Value::Bytes("\xff").AsBytes(), "\xff");
}

TEST(Value, IsEqualToItsOwnKindOnly) {
  EXPECT_EQ(Value::Int(1), Value::Int(1));
  EXPECT_FALSE(Value::Int(1) == Value::Uint(1));
  EXPECT_FALSE(Value::String("a") == Value::Bytes("a"));
  EXPECT_FALSE(Value::String("int") == Value::TypeNamed("int"));
  EXPECT_EQ(Value::List({Value::Null()}), Value::List({Value::Null()}));
  EXPECT_EQ(Value::Quantity(*Quantity::Parse("1k")), Value::Quantity(Quantity(1000)));
}

TEST(Value, TakesTimesInMilliseconds) {
  EXPECT_EQ(Value::Timestamp(Time(Duration(-1))).AsTimestamp(), (Timestamp{.seconds = -1, .nanos = 999'000'000}));
  EXPECT_EQ(Value::Timestamp(Time(Duration(1500))).AsTimestamp(), (Timestamp{.seconds = 1, .nanos = 500'000'000}));
}

TEST(Map, FindsNumbersByTheirValue) {
  Value map = *Value::Map({{Value::Uint(2), Value::String("two")}, {Value::Int(-1), Value::String("minus")}});
  EXPECT_EQ(*map.AsMap().Find(Value::Int(2)), Value::String("two"));
  EXPECT_EQ(*map.AsMap().Find(Value::Double(-1.0)), Value::String("minus"));
  EXPECT_EQ(map.AsMap().Find(Value::Double(0.0 / 0.0)), nullptr);
  EXPECT_EQ(map.AsMap().Find(Value::Null()), nullptr);
  EXPECT_EQ(map.AsMap().Find("2"), nullptr);
}

TEST(Map, FindsNamesAmongOtherKeys) {
  Value map = *Value::Map(
      {{Value::String("a"), Value::Int(1)}, {Value::Int(1), Value::Int(2)}, {Value::Bool(true), Value::Int(3)}});
  EXPECT_EQ(*map.AsMap().Find("a"), Value::Int(1));
  EXPECT_EQ(map.AsMap().Find("b"), nullptr);
  EXPECT_EQ(*map.AsMap().Find(Value::Bool(true)), Value::Int(3));
}

TEST(Map, RefusesBadKeys) {
  EXPECT_EQ(Value::Map({{Value::Int(1), Value::Null()}, {Value::Uint(1), Value::Null()}}).error().message,
            "a map has the same key twice");
  EXPECT_EQ(Value::Map({{Value::Double(1), Value::Null()}}).error().message,
            "a key of a map must be bool, int, uint or string, not double");
}

TEST(Map, KeepsTheFirstOfKeysThatMeet) {
  Value map = Value::StringMap({{"\xfe", Value::Int(1)}, {"\xff", Value::Int(2)}, {"a", Value::Int(3)}});
  EXPECT_EQ(testing::PrintToString(map), "{\"a\": 3, \"\xEF\xBF\xBD\": 1}");
}

TEST(Type, IsWrittenAsPeopleReadIt) {
  EXPECT_EQ(Type::Map(Type::String(), Type::List(Type::Dyn())).ToString(), "map(string, list(dyn))");
  EXPECT_EQ(Type::List(Type::Int()), Type::List(Type::Int()));
  EXPECT_FALSE(Type::List(Type::Int()) == Type::List(Type::Dyn()));
  EXPECT_EQ(Type::Struct("s", {}), Type::Struct("s", {{"a", Type::Int()}})) << "structs are told apart by name";
}

TEST(Type, KeepsTheFirstFieldOfAName) {
  Type type = Type::Struct("s", {{"a_b", Type::Int(), "a-b"}, {"a_b", Type::Bool()}, {"a-b", Type::String()}});
  EXPECT_EQ(type.fields().size(), 2u);
  EXPECT_EQ(type.Find("a_b")->type, Type::Int());
  EXPECT_EQ(type.Find("a-b")->type, Type::String()) << "a name goes before an alias";
  EXPECT_EQ(type.Find("c"), nullptr);
}

}  // namespace
}  // namespace coreflow::cel
