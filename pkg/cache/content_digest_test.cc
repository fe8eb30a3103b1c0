#include "pkg/cache/content_digest.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "pkg/base/hash.h"
#include "pkg/cache/contents.h"
#include "pkg/json/parse.h"

namespace coreflow::cache {
namespace {

using engine::Content;
using Kind = Content::Kind;

const Secret<std::string> kKey(std::string(32, 'k'));
const Content kAll{.kind = Kind::kSecret, .name = "db"};
const Content kPassword{.kind = Kind::kSecret, .name = "db", .key = "password"};

json::Value Object(const std::string& data, const std::string& more = "") {
  return *json::Parse(R"({"metadata":{"name":"db","resourceVersion":"7"},"data":)" + data + more + "}");
}

std::string Of(const Content& content, const json::Value& object, const std::string& ns = "ns") {
  return DigestOfContent(kKey, ns, content, object);
}

TEST(ContentDigest, IsHmacSha256OfTheContentAndItsPlace) {
  // printf '%s' TEXT | openssl dgst -sha256 -hmac kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk
  // TEXT: {"data":"c2VjcmV0","key":"password","kind":"Secret","name":"db","namespace":"ns"}
  EXPECT_EQ(Of(kPassword, Object(R"({"password":"c2VjcmV0","user":"dQ=="})")),
            "b8c14ccbe4a1209b2817995ff6851e05ea0b938c15c9cd03aba3a505270b1bca");
}

TEST(ContentDigest, OfAKeyTakesNoNoticeOfOthers) {
  EXPECT_EQ(Of(kPassword, Object(R"({"password":"YQ==","user":"dQ=="})")),
            Of(kPassword, Object(R"({"password":"YQ=="})")));
  EXPECT_NE(Of(kAll, Object(R"({"password":"YQ==","user":"dQ=="})")), Of(kAll, Object(R"({"password":"YQ=="})")));
}

TEST(ContentDigest, IsOfTheContentOnly) {
  const std::string data = R"({"password":"YQ=="})";
  EXPECT_EQ(Of(kAll, Object(data)), Of(kAll, Object(data, R"(,"type":"Opaque","immutable":true)")));
}

TEST(ContentDigest, OfWhatIsNotThereIsSaid) {
  EXPECT_EQ(Of(kPassword, Object(R"({"user":"dQ=="})")), kAbsent);
  EXPECT_EQ(Of(kPassword, Object("null")), kAbsent);
  EXPECT_NE(Of(kAll, Object("null")), kAbsent);
  EXPECT_NE(Of(kPassword, Object(R"({"password":""})")), kAbsent);
}

TEST(ContentDigest, DiffersWithEverythingThatItIsOf) {
  const json::Value object = Object(R"({"password":"YQ==","password2":"YQ=="})");
  const Content map{.kind = Kind::kConfigMap, .name = "db", .key = "password"};
  const std::set<std::string> different = {Of(kPassword, object),
                                           Of(kAll, object),
                                           Of({.kind = Kind::kSecret, .name = "db", .key = "password2"}, object),
                                           Of({.kind = Kind::kSecret, .name = "other", .key = "password"}, object),
                                           Of(map, object),
                                           Of(map, *json::Parse(R"({"binaryData":{"password":"YQ=="}})")),
                                           Of(kPassword, object, "other"),
                                           Of(kPassword, Object(R"({"password":"Yg=="})")),
                                           DigestOfContent(Secret(std::string(32, 'x')), "ns", kPassword, object)};
  EXPECT_EQ(different.size(), 9u);
}

TEST(ContentDigest, NothingRunsIntoTheNext) {
  EXPECT_NE(Of(kAll, Object(R"({"a":"b","c":"d"})")), Of(kAll, Object(R"({"a":"b\",\"c\":\"d"})")));
  EXPECT_NE(Of(kAll, Object(R"({"ab":"c"})")), Of(kAll, Object(R"({"a":"bc"})")));
}

TEST(ContentKey, IsTheStoresKeyForThisPurposeAlone) {
  EXPECT_EQ(ContentKey(kKey), ContentKey(kKey));
  EXPECT_NE(ContentKey(kKey).Reveal(), kKey.Reveal());
  EXPECT_NE(ContentKey(kKey).Reveal(), Sha256Hex(kKey.Reveal()));
  EXPECT_FALSE(ContentKey(kKey) == ContentKey(Secret(std::string(32, 'x'))));
}

}  // namespace
}  // namespace coreflow::cache
