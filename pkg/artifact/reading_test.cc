#include "pkg/artifact/reading.h"

#include <gtest/gtest.h>

namespace coreflow::artifact {
namespace {

TEST(Reading, TermsAreReadAsTheyAreWritten) {
  for (const ReaderTerms terms : {ReaderTerms::kToken, ReaderTerms::kNothing, ReaderTerms::kNobody}) {
    EXPECT_EQ(ReadTerms(ToJson(terms)), terms);
  }
  EXPECT_EQ(ReadTerms(json::Object{{"readers", "Token"}}), ReaderTerms::kToken);
  EXPECT_EQ(ReadTerms(json::Object{{"readers", "token"}}), std::nullopt);
  EXPECT_EQ(ReadTerms(json::Object{{"readers", true}}), std::nullopt);
  EXPECT_EQ(ReadTerms({}), std::nullopt);
}

TEST(Reading, ThePathLeadsThroughTheProxyOfTheApiServer) {
  EXPECT_EQ(ProxyPath("coreflow-system", ReaderPath("team", "abc")),
            "/api/v1/namespaces/coreflow-system/services/https:coreflow-data:8443/proxy/v1/namespaces/team/blobs/abc");
}

TEST(Reading, TheAccountHasItsNameInEachNamespace) {
  EXPECT_EQ(ReaderName("team"), "system:serviceaccount:team:coreflow-reader");
}

}  // namespace
}  // namespace coreflow::artifact
