#include "pkg/yaml/yaml.h"

#include <gtest/gtest.h>

#include <random>

#include "pkg/json/write.h"

namespace coreflow::yaml {
namespace {

std::string Show(const Result<json::Value>& value) {
  return value ? json::Write(*value) : "error: " + value.error().message;
}

struct Case {
  std::string text;
  std::string want;  // JSON, or "error: " and the beginning of the message
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.text.substr(0, 80); }

class FromYamlTest : public testing::TestWithParam<Case> {};

TEST_P(FromYamlTest, ReadsAsKubectlDoes) {
  std::string got = Show(FromYaml(GetParam().text));
  if (GetParam().want.starts_with("error")) got = got.substr(0, GetParam().want.size());
  EXPECT_EQ(got, GetParam().want);
}

// What `kubectl create --dry-run=client -o json` makes of these, or rather sigs.k8s.io/yaml v1.6.0 under it.
INSTANTIATE_TEST_SUITE_P(Words, FromYamlTest,
                         testing::Values(Case{"[y, Y, yes, Yes, YES, on, On, ON, true, True, TRUE]",
                                              "[true,true,true,true,true,true,true,true,true,true,true]"},
                                         Case{"[n, N, no, No, NO, off, Off, OFF, false, False, FALSE]",
                                              "[false,false,false,false,false,false,false,false,false,false,false]"},
                                         Case{"[yEs, tRUE, oN, nO]", R"(["yEs","tRUE","oN","nO"])"},
                                         Case{"[~, null, Null, NULL, nULL, ]", R"([null,null,null,null,"nULL"])"},
                                         Case{"a:\nb: ", R"({"a":null,"b":null})"},
                                         Case{R"(['yes', "no", "~", '', "1"])", R"(["yes","no","~","","1"])"},
                                         Case{"a: |\n  yes\nb: >-\n  1\n  2\n", R"({"a":"yes\n","b":"1 2"})"}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, FromYamlTest,
    testing::Values(
        Case{"[0, 1, -1, +1, 1_000, 1__0, 00, 01]", "[0,1,-1,1,1000,10,0,1]"},
        Case{"[017, 0o17, 0O17, -017, +0o7, 0x1F, 0X1f, -0x1F, 0b101, -0b11]", "[15,15,15,-15,7,31,31,-31,5,-3]"},
        Case{"[08, 0o8, 0xg, 0b2, 0x, _1, +, 1-2]", R"([8,"0o8","0xg","0b2","0x","_1","+","1-2"])"},
        Case{"[1.0, 5., .5, -.5, +.5, 1e3, 1.5e3, 1E-1, 1_0.5, .1_0, .1_]",
             R"([1,5,0.5,-0.5,0.5,1000,1500,0.1,10.5,0.1,".1_"])"},
        Case{"[-0.0, 1e400, 1e-400, 1e, 1e+, .e1, ., 1.2.3]", R"([0,"1e400",0,"1e","1e+",".e1",".","1.2.3"])"},
        Case{"[9223372036854775807, -9223372036854775808]", "[9223372036854775807,-9223372036854775808]"},
        Case{"[9223372036854775808, 1e20]", "[9.223372036854776e+18,1e+20]"},
        Case{"[2001-01-01, 2001-12-14t21:59:43.10-05:00, 12:30, 190:20:30]",
             R"(["2001-01-01","2001-12-14t21:59:43.10-05:00","12:30","190:20:30"])"},
        Case{"a: .inf", "error: line 1, column 4: JSON has no infinity"},
        Case{"a:\n- .NaN", "error: line 2, column 3: JSON has no infinity"}));

INSTANTIATE_TEST_SUITE_P(
    Tags, FromYamlTest,
    testing::Values(Case{"[!!str 1, !!str yes, !!int '3', !!float 1, !!bool 'on', !!null '']",
                         R"(["1","yes",3,1,true,null])"},
                    Case{"!!binary aGVsbG8=", "\"hello\""}, Case{"[!thing x, !thing 1]", R"(["x","1"])"},
                    Case{"a: !!int x", "error: line 1, column 4: \"x\" is not what its tag !!int says"},
                    Case{"a: !!bool 1", "error: line 1, column 4: \"1\" is not what its tag !!bool says"},
                    Case{"a: !!binary '?'", "error: line 1, column 4: !!binary is not base64"}));

INSTANTIATE_TEST_SUITE_P(
    Names, FromYamlTest,
    testing::Values(Case{"{1: a, 0x10: b, yes: c, 1.5: d, 1e6: e, 2001-01-01: f, .inf: g}",
                         R"({".inf":"g","1":"a","1.5":"d","16":"b","1e+06":"e","2001-01-01":"f","true":"c"})"},
                    Case{"a: 1\nb: 2\na: 3\n", "error: line 3, column 1: the name \"a\" stands twice in one mapping"},
                    Case{"1: a\n\"1\": b\n", "error: line 2, column 1: the name \"1\" stands twice in one mapping"},
                    Case{"a: {b: 1, c: 2, b: 3}", "error: line 1, column 17: the name \"b\" stands twice"},
                    Case{"~: x", "error: line 1, column 1: null can't be the name of a member"},
                    Case{"? [a]\n: x", "error: line 1, column 3: a list or a mapping can't be the name"},
                    Case{"18446744073709551615: x", "error: line 1, column 1: the number is too big for a name"}));

INSTANTIATE_TEST_SUITE_P(
    AliasesAndMerges, FromYamlTest,
    testing::Values(Case{"a: &x [1, {b: 2}]\nc: *x\n", R"({"a":[1,{"b":2}],"c":[1,{"b":2}]})"},
                    Case{"&x a: 1\nb: *x\n", R"({"a":1,"b":"a"})"},
                    Case{"a: &x 1\na2: &x 2\nb: *x\n", R"({"a":1,"a2":2,"b":2})"},
                    Case{"a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}\n", R"({"a":{"p":1,"q":2},"b":{"p":1,"q":3}})"},
                    Case{"a: &x {p: 1}\nb: {p: 2, <<: *x}\n", R"({"a":{"p":1},"b":{"p":1}})"},
                    Case{"a: &x {p: 1}\nb: &y {p: 2, q: 3}\nc: {<<: [*x, *y]}\n",
                         R"({"a":{"p":1},"b":{"p":2,"q":3},"c":{"p":1,"q":3}})"},
                    Case{"a: {<<: {p: 1}, '<<': 2}", R"({"a":{"<<":2,"p":1}})"}, Case{"a: <<", R"({"a":"<<"})"},
                    Case{"a: {<<: 5}", "error: line 1, column 9: << must merge a mapping"},
                    Case{"a: {<<: [1]}", "error: line 1, column 9: << must merge a mapping"},
                    Case{"a: *x", "error: line 1, column 4: the referenced anchor is not defined"},
                    Case{"a: &x [*x]", "error: line 1, column 8: an alias inside of what it stands for"}));

INSTANTIATE_TEST_SUITE_P(
    Text, FromYamlTest,
    testing::Values(Case{"", "null"}, Case{"# nothing\n", "null"}, Case{"---\n...\n", "null"},
                    Case{"\xef\xbb\xbf"
                         "a: 1",
                         R"({"a":1})"},
                    Case{"a: \"\\u00e4\\n\\x41\"", "{\"a\":\"\xc3\xa4\\nA\"}"},
                    Case{"%YAML 1.1\n---\na: 1\n", R"({"a":1})"},
                    Case{"{\"a\": \"\\ud83d\\ude00\"}", "{\"a\":\"\xf0\x9f\x98\x80\"}"},
                    Case{"{\n\t\"a\": 1\n}", R"({"a":1})"}, Case{"{a: 1, b: [x]}", R"({"a":1,"b":["x"]})"},
                    Case{"a: \xff", "error: line 1, column 4: not UTF-8"},
                    Case{"a: 1\nb: \xc0\x80", "error: line 2, column 4: not UTF-8"},
                    Case{"a: \xed\xa0\x80", "error: line 1, column 4: not UTF-8"},
                    Case{std::string("a: \0", 4), "error: line 1, column 4: control characters"},
                    Case{"a: 1\n---\nb: 2\n", "error: there are 2 documents where one is expected"},
                    Case{"a: [1", "error: line 1, column "}, Case{"a: 'x", "error: line 1, column "},
                    Case{"a: b: c", "error: line 1, column "}, Case{"a:\n\tb: 1", "error: line 2, column "}));

std::string Repeat(std::string_view unit, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += unit;
  return text;
}

std::string Laughs() {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + Repeat(before + ", ", 8) + before + "]\n";
  }
  return text;
}

// Published attacks on YAML parsers, yaml-cpp among them: each is an error, soon, and never a crash.
INSTANTIATE_TEST_SUITE_P(
    Hostile, FromYamlTest,
    testing::Values(Case{"a: 1\n, b", "error: "}, Case{",", "error: line 1, column 1: "},
                    Case{"]", "error: line 1, column 1: "}, Case{Repeat("[", 1'000'000), "error: "},
                    Case{Repeat("{", 1'000'000), "error: "},
                    Case{Repeat("- ", 1'000'000), "error: line 1, column 513: nested too deeply"},
                    Case{Repeat("? ", 500'000), "error: "}, Case{Repeat("[:", 500'000), "error: "},
                    Case{Repeat("{: ", 300'000), "error: "}, Case{Repeat("&a ", 300'000), "error: "},
                    Case{Repeat("!!a ", 300'000), "error: "}, Case{Repeat("'", 1'000'001), "error: "},
                    Case{Repeat("a", 1'000'000) + ": b", "error: "}, Case{Laughs(), "error: line 6, column "},
                    Case{"a: &a {" + Repeat("k: &k [x], ", 1) + "}\n" + Repeat("- *a\n", 10), "error: "},
                    Case{Repeat(" ", 5'000'000), "error: the text is longer than 4194304 bytes"}));

TEST(FromYaml, TakesNestingUpToItsLimitAndCountsWhatAliasesBring) {
  EXPECT_TRUE(FromYaml(Repeat("[", 256) + Repeat("]", 256)).has_value());
  EXPECT_FALSE(FromYaml(Repeat("[", 257) + Repeat("]", 257)).has_value());
  std::string half = "a: &x " + Repeat("[", 128) + Repeat("]", 128) + "\nb: ";
  EXPECT_TRUE(FromYaml(half + Repeat("[", 120) + "*x" + Repeat("]", 120)).has_value());
  EXPECT_FALSE(FromYaml(half + Repeat("[", 130) + "*x" + Repeat("]", 130)).has_value());
}

TEST(AllFromYaml, LeavesEmptyDocumentsOut) {
  auto documents = AllFromYaml("# first\n---\na: 1\n---\n---\n# nothing\n---\nb: &x 2\n--- [c]\n...\n");
  ASSERT_TRUE(documents.has_value());
  EXPECT_EQ(json::Write(json::Value(*documents)), R"([{"a":1},{"b":2},["c"]])");
}

TEST(AllFromYaml, KeepsAnchorsWithinTheirDocument) {
  auto documents = AllFromYaml("a: &x 1\n---\nb: *x\n");
  ASSERT_FALSE(documents.has_value());
  EXPECT_TRUE(documents.error().message.starts_with("line 3, column 4: ")) << documents.error().message;
}

// Whatever is done to a document, it is read or refused, and what is read can be written and read again.
TEST(FromYaml, SurvivesAnyText) {
  const std::string seed_text =
      "a: &x {b: [1, 0x1F, 'q', \"\\u00e4\"], c: !!str 1}\nd:\n  <<: *x\n  e: |\n    text\n    more\n"
      "f:\n- g\n-  - *x\n--- >-\n h\n";
  const std::string alphabet = "[]{}:,-?&*!|>'\"%@`#~<= \n\t\\abxy01.\xc3\xa4";
  std::mt19937 random(1);
  int read = 0;
  for (int round = 0; round < 10'000; ++round) {
    std::string text = seed_text;
    for (int change = static_cast<int>(random() % 6); change >= 0; --change) {
      size_t at = random() % text.size();
      char c = alphabet[random() % alphabet.size()];
      if (random() % 3 == 0) {
        text.erase(at, 1 + random() % 4);
      } else if (random() % 2 == 0) {
        text[at] = c;
      } else {
        text.insert(at, 1 + random() % 3, c);
      }
      if (text.empty()) text = "-";
    }
    auto documents = AllFromYaml(text);
    if (!documents) continue;
    ++read;
    json::Value all(*documents);
    auto again = FromYaml(json::Write(all));
    ASSERT_TRUE(again.has_value()) << text << "\n" << again.error().message;
    ASSERT_TRUE(*again == all) << text;
  }
  EXPECT_GT(read, 1000);
}

}  // namespace
}  // namespace coreflow::yaml
