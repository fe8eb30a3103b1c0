#include "pkg/yaml/write.h"

#include <gtest/gtest.h>

#include <array>

#include "pkg/base/dice.h"
#include "pkg/yaml/yaml.h"

namespace coreflow::yaml {
namespace {

using json::Array;
using json::Object;
using json::Value;

TEST(Write, LooksAsKubectlPrintsIt) {
  const Value value =
      Object{{"apiVersion", "coreflow.dev/v1alpha1"},
             {"metadata", Object{{"annotations", Object{{"on", "yes"}, {"n", "1e3"}}}, {"name", "word-count"}}},
             {"spec", Object{{"empty", Object()},
                             {"none", Array()},
                             {"steps", Array{Object{{"args", Array{"-c", "- x", "a: b"}}, {"name", "a"}},
                                             Object{{"script", "echo one\necho two\n"}}, Array{1, Array{2.5}}}}}}};
  EXPECT_EQ(Write(value),
            "apiVersion: coreflow.dev/v1alpha1\n"
            "metadata:\n"
            "  annotations:\n"
            "    \"n\": \"1e3\"\n"
            "    \"on\": \"yes\"\n"
            "  name: word-count\n"
            "spec:\n"
            "  empty: {}\n"
            "  none: []\n"
            "  steps:\n"
            "  - args:\n"
            "    - -c\n"
            "    - \"- x\"\n"
            "    - \"a: b\"\n"
            "    name: a\n"
            "  - script: |\n"
            "      echo one\n"
            "      echo two\n"
            "  - - 1\n"
            "    - - 2.5\n");
}

class WriteBack : public testing::TestWithParam<const char*> {};

TEST_P(WriteBack, TextIsReadAsItself) {
  const Value value = Object{{"list", Array{GetParam()}}, {"text", GetParam()}, {GetParam(), 1}};
  const auto back = FromYaml(Write(value));
  ASSERT_TRUE(back) << back.error().message << "\n" << Write(value);
  EXPECT_EQ(*back, value) << Write(value);
}

INSTANTIATE_TEST_SUITE_P(Texts, WriteBack,
                         testing::Values("", "a", "-", "- a", "-a", "?", ":", ": ", "a:", "a: b", "a #b", "#a", "null",
                                         "~", "yes", "off", "y", "1", "1.0", "0x1f", "017", "1_000", ".5", "1e3",
                                         "2026-11-21", "=", "<<", "---", "--- a", "...", "a\nb", "a\nb\n", "a\n\n\n",
                                         "\n", "\na", " a", "a ", " a\nb", "a\n ", "a\n \n", "a\tb", "a\r\nb", "\"",
                                         "'", "a'b\"c\\", "%a", "@a", "`a", "!a", "&a", "*a", "[a]", "{a}", "a, b",
                                         "\xc3\xa4\xe2\x82\xac", "|", ">", "a\n- b\n# c\n", "1:30", ".inf", ".nan"));

Value Random(Dice& dice, int depth) {
  constexpr std::array kTexts = {"a", "- b", "yes", "1", "x: y", "one\ntwo\n", "", "#", "~", " pad", "tail\n\n"};
  const auto text = [&] { return kTexts[dice.Below(kTexts.size())]; };
  switch (dice.Below(depth > 0 ? 7 : 5)) {
    case 0: return Value();
    case 1: return dice.Below(2) == 1;
    case 2: return dice.Between(int64_t{-1000}, int64_t{1000});
    case 3: return static_cast<double>(dice.Below(1000)) / 8 + 0.0625;
    case 4: return text();
    case 5: {
      Array array;
      for (uint64_t i = dice.Below(4); i > 0; --i) array.push_back(Random(dice, depth - 1));
      return array;
    }
    default: {
      Object object;
      for (uint64_t i = dice.Below(4); i > 0; --i) object[text()] = Random(dice, depth - 1);
      return object;
    }
  }
}

TEST(Write, WhateverIsWrittenIsReadAsItWas) {
  Dice dice(7);
  for (int i = 0; i < 3000; ++i) {
    const Value value = Random(dice, 4);
    const auto back = FromYaml(Write(value));
    ASSERT_TRUE(back) << back.error().message << "\n" << Write(value);
    ASSERT_EQ(*back, value) << Write(value);
  }
}

}  // namespace
}  // namespace coreflow::yaml
