#include "pkg/artifact/store_token.h"

#include <gtest/gtest.h>

#include <set>

namespace coreflow::artifact {
namespace {

TEST(StoreToken, IsTheMacOfWhatItIsGoodFor) {
  // printf 'coreflow-data-1\nput\nns\npod' | openssl dgst -sha256 -hmac key
  EXPECT_EQ(PutToken("key", "ns", "pod"), "b40434981f5042a1c3fed6de93f5f0855b67a7cfe11186d9d287e89228beefc3");
  EXPECT_EQ(GetToken("key", "ns", "pod", "abc"), "6e918be6dd4fd4165f178e5c113c36add8901280bb494bfddfe2bebe46cbcf08");
}

TEST(StoreToken, IsGoodForNothingElse) {
  const std::set<std::string> tokens = {PutToken("key", "ns", "pod"),          PutToken("other", "ns", "pod"),
                                        PutToken("key", "other", "pod"),       PutToken("key", "ns", "other"),
                                        GetToken("key", "ns", "pod", "abc"),   GetToken("key", "ns", "pod", "abd"),
                                        GetToken("key", "ns", "pod\nabc", ""), GetToken("key", "ns", "other", "abc")};
  EXPECT_EQ(tokens.size(), 8u);
}

TEST(StoreToken, ComparesWhole) {
  EXPECT_TRUE(SameToken("abc", "abc"));
  EXPECT_FALSE(SameToken("abc", "abd"));
  EXPECT_FALSE(SameToken("abc", "ab"));
  EXPECT_FALSE(SameToken("", "a"));
}

}  // namespace
}  // namespace coreflow::artifact
