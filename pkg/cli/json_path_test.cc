#include "pkg/cli/json_path.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"

namespace coreflow::cli {
namespace {

constexpr char kObject[] = R"({
  "kind": "List",
  "items": [
    {"name": "a", "size": 3, "ok": true, "labels": {"app.example.com/name": "x", "b": "<y>"}},
    {"name": "b", "size": 1.5, "labels": {}},
    {"name": "c", "ok": false, "parts": [{"name": "d"}, {"name": "e"}], "nothing": null}]})";

struct Case {
  const char* name;
  std::string text;
  std::string want;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.text; }

class JsonPathTest : public testing::TestWithParam<Case> {};

TEST_P(JsonPathTest, Prints) {
  const auto path = JsonPath::Parse(GetParam().text);
  ASSERT_TRUE(path.has_value()) << path.error().message;
  const auto printed = path->Print(*json::Parse(kObject));
  EXPECT_EQ(printed ? *printed : "error: " + printed.error().message, GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(
    Cli, JsonPathTest,
    testing::Values(
        Case{"Text", "kind=", "kind="}, Case{"AField", "{.kind}", "List"}, Case{"WithADollar", "{$.kind}", "List"},
        Case{"AMemberThatIsNotThere", "<{.none.at.all}>", "<>"}, Case{"AnIndex", "{.items[1].name}", "b"},
        Case{"FromTheEnd", "{.items[-1].name}", "c"}, Case{"All", "{.items[*].name}", "a b c"},
        Case{"Some", "{.items[0:2].name}", "a b"}, Case{"EachSecond", "{.items[::2].name}", "a c"},
        Case{"OfAnUnion", "{.items[0,2]['name','ok']}", "a c true false"},
        Case{"ADottedMember", R"({.items[0].labels.app\.example\.com/name})", "x"},
        Case{"AQuotedMember", R"({.items[0].labels['app\.example\.com/name']})", "x"},
        Case{"MembersOfAnObject", "{.items[0].labels.*}", "x <y>"},
        Case{"AnObject", "{.items[0].labels}", R"({"app.example.com/name":"x","b":"\u003cy\u003e"})"},
        Case{"AnArray", "{.items[2].parts}", R"([{"name":"d"},{"name":"e"}])"},
        Case{"ANumber", "{.items[1].size}", "1.5"}, Case{"Null", "{.items[2].nothing}", "null"},
        Case{"Everywhere", "{..name}", "a b c d e"}, Case{"AFilter", R"({.items[?(@.name=="b")].size})", "1.5"},
        Case{"AFilterByNumber", "{.items[?(@.size > 1)].name}", "a b"},
        Case{"AFilterByBool", "{.items[?(@.ok!=true)].name}", "c"},
        Case{"AFilterByPresence", "{.items[?(@.parts)].name}", "c"},
        Case{"ABracketInAFilter", R"({.items[?(@.name==")]}")].name}|)", "|"},
        Case{"ALoop", R"({range .items[*]}{.name}={.size}{"\n"}{end}{.kind})", "a=3\nb=1.5\nc=\nList"},
        Case{"ALoopInALoop", "{range .items[*]}{range .parts[*]}{.name};{end}.{end}", "..d;e;."},
        Case{"ALoopWithoutEnd", "{range .items[*]}{.name}", "abc"},
        Case{"ALoopOverNothing", "{range .none[*]}x{end}y", "y"}, Case{"AQuotedText", R"({'it'}{"\t"}{1})", "it\t1"},
        Case{"BracesInQuotes", R"({"}"}{"{"})", "}{"},
        Case{"AnIndexThatIsNotThere", "{.items[9].name}", "error: array index out of bounds: index 9, length 3"},
        Case{"AnIndexOfNoArray", "{.kind[0]}", "error: string is not array or slice"},
        Case{"WhatCantBeCompared", "{.items[?(@.name==1)]}", "error: incompatible types for comparison"}),
    [](const auto& info) { return info.param.name; });

TEST(JsonPathErrors, SaysWhatIsWrong) {
  for (const auto& [text, why] :
       std::vector<std::pair<std::string, std::string>>{{"{.a", "unclosed action"},
                                                        {"{.a\n}", "unclosed action"},
                                                        {"{.a[}", "unterminated array"},
                                                        {"{.a[x]}", "invalid array index x"},
                                                        {"{.a[]}", "invalid array index "},
                                                        {"{.a[1:2:3:4]}", "invalid array index 1:2:3:4"},
                                                        {"{.a[?(@.b}", "unterminated filter"},
                                                        {"{.a[?(@.b)}", "unclosed array expect ]"},
                                                        {"{.a[?(@.b=1)]}", "unrecognized filter operator ="},
                                                        {"{'a}", "unclosed action"},
                                                        {"{end}", "not in range, nothing to end"},
                                                        {"{name}", "unrecognized identifier name"},
                                                        {"{#}", "unrecognized identifier #"},
                                                        {"{....}", "invalid multiple recursive descent"},
                                                        {"{-}", "cannot parse number -"},
                                                        {R"({"\q"})", "there is no such escape in \"\\q\""}}) {
    const auto path = JsonPath::Parse(text);
    ASSERT_FALSE(path.has_value()) << text;
    EXPECT_EQ(path.error().message, "error parsing jsonpath " + text + ", " + why);
  }
}

TEST(JsonPathErrors, NoBeginningOfATemplateCrashes) {
  const std::string text =
      R"({range .items[?(@.name != "a\"")]}{.labels['b', 'c'][0:2:1]..*}{"\n\""} {+1.5}{$.x\.y}{end}{true}{..})";
  const auto object = json::Parse(kObject);
  for (size_t size = 0; size <= text.size(); ++size) {
    for (const char* more : {"", "}", "]}", ")]}", "\\", "'", "{", "\xff"}) {
      const auto path = JsonPath::Parse(text.substr(0, size) + more);
      if (path) static_cast<void>(path->Print(*object));
    }
  }
}

}  // namespace
}  // namespace coreflow::cli
