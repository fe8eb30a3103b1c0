#include "pkg/base/base64.h"

#include <gtest/gtest.h>

namespace coreflow {
namespace {

struct Case {
  std::string text;
  std::optional<std::string> want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.text; }

class DecodeBase64Test : public testing::TestWithParam<Case> {};

TEST_P(DecodeBase64Test, ReadsOrRefuses) { EXPECT_EQ(DecodeBase64(GetParam().text), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(Base64, DecodeBase64Test,
                         testing::Values(Case{"", ""}, Case{"Zg==", "f"}, Case{"Zm8=", "fo"}, Case{"Zm9v", "foo"},
                                         Case{"Zm9vYg==", "foob"}, Case{"Zm9vYg", "foob"}, Case{"+/+/", "\xfb\xff\xbf"},
                                         Case{"Z", {}}, Case{"Zg=", {}}, Case{"Zg===", {}}, Case{"=Zg=", {}},
                                         Case{"Zm9v\n", {}}, Case{"Zh==", {}}, Case{"Zm-v", {}}));

TEST(Base64, ReadsWhatItWrites) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) {
    EXPECT_EQ(DecodeBase64(EncodeBase64(bytes)), bytes);
    EXPECT_EQ(EncodeBase64(bytes).size() % 4, 0u);
    bytes.push_back(static_cast<char>(i * 7));
  }
}

}  // namespace
}  // namespace coreflow
