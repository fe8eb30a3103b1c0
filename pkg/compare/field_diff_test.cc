#include "pkg/compare/field_diff.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::compare {
namespace {

struct Case {
  std::string name;
  std::string before;
  std::string after;
  std::vector<std::string> want;  // "path: before -> after"
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

std::string Text(const std::optional<json::Value>& value) { return value ? json::Write(*value) : "nothing"; }

class FieldDiffTest : public testing::TestWithParam<Case> {};

TEST_P(FieldDiffTest, NamesTheFields) {
  std::vector<std::string> found;
  for (const FieldChange& change :
       DiffFields(json::Parse(GetParam().before).value(), json::Parse(GetParam().after).value())) {
    found.push_back(change.path + ": " + Text(change.before) + " -> " + Text(change.after));
  }
  EXPECT_EQ(found, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Values, FieldDiffTest,
    testing::Values(
        Case{.name = "Nothing", .before = R"({"a": [1, {"b": 2}]})", .after = R"({"a": [1, {"b": 2.0}]})", .want = {}},
        Case{.name = "AMember",
             .before = R"({"a": {"b": 1, "c": 2}})",
             .after = R"({"a": {"b": 1, "c": 3}})",
             .want = {"a.c: 2 -> 3"}},
        Case{.name = "WhatComesAndGoes",
             .before = R"({"a": {"old": 1}})",
             .after = R"({"a": {"new": {"x": 1}}})",
             .want = {R"(a.new: nothing -> {"x":1})", "a.old: 1 -> nothing"}},
        Case{.name = "NamedElementsWhereverTheyStand",
             .before = R"({"steps": [{"name": "a", "image": "x"}, {"name": "b", "image": "y"}]})",
             .after = R"({"steps": [{"name": "b", "image": "z"}, {"name": "a", "image": "x"}]})",
             .want = {R"(steps[b].image: "y" -> "z")"}},
        Case{.name = "AnElementOfAnElement",
             .before = R"({"steps": [{"name": "a", "env": [{"name": "N", "value": "1"}]}]})",
             .after = R"({"steps": [{"name": "a", "env": [{"name": "N", "value": "2"}, {"name": "M"}]}]})",
             .want = {R"(steps[a].env[M]: nothing -> {"name":"M"})", R"(steps[a].env[N].value: "1" -> "2")"}},
        Case{.name = "AnotherOrderIsToldByTheNames",
             .before = R"({"steps": [{"name": "a"}, {"name": "b"}]})",
             .after = R"({"steps": [{"name": "b"}, {"name": "a"}]})",
             .want = {R"(steps: ["a","b"] -> ["b","a"])"}},
        Case{.name = "OtherListsAsAWhole",
             .before = R"({"args": ["a", "b"], "x": [{"name": "a"}, {"name": "a"}]})",
             .after = R"({"args": ["a"], "x": [{"name": "a"}]})",
             .want = {R"(args: ["a","b"] -> ["a"])", R"(x: [{"name":"a"},{"name":"a"}] -> [{"name":"a"}])"}},
        Case{.name = "AnotherType",
             .before = R"({"a": {"b": 1}})",
             .after = R"({"a": 1})",
             .want = {R"(a: {"b":1} -> 1)"}}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace coreflow::compare
