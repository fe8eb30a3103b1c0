#include "pkg/base/hash.h"

#include <gtest/gtest.h>

#include <cctype>

namespace coreflow {
namespace {

TEST(Hash, Fnv1a64MatchesThePublishedVectors) {
  EXPECT_EQ(Fnv1a64(""), 0xcbf29ce484222325u);
  EXPECT_EQ(Fnv1a64("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(Fnv1a64("foobar"), 0x85944171f73967e8u);
}

TEST(Hash, Sha256MatchesThePublishedVectors) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hash, NameHashStartsWithALetterAndHasItsLength) {
  for (int i = 0; i < 500; ++i) {
    std::string name = NameHash(std::to_string(i), 10);
    EXPECT_EQ(name.size(), 10u);
    EXPECT_TRUE(std::isalpha(static_cast<unsigned char>(name[0]))) << name;
  }
  EXPECT_EQ(NameHash("x", 50).substr(0, 10), NameHash("x", 10));
  EXPECT_NE(NameHash("x", 10), NameHash("y", 10));
}

}  // namespace
}  // namespace coreflow
