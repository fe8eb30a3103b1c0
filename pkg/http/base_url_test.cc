#include "pkg/http/base_url.h"

#include <gtest/gtest.h>

namespace coreflow::http {

void PrintTo(const BaseUrl& url, std::ostream* out) {
  *out << (url.tls ? "tls " : "plain ") << (url.ipv6_literal ? "ipv6 " : "") << url.host << " " << url.port << " \""
       << url.path << "\"";
}

namespace {

struct Case {
  std::string url;
  std::string want;  // as PrintTo shows it, or a part of the error
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.url; }

class ParseBaseUrlTest : public testing::TestWithParam<Case> {};

TEST_P(ParseBaseUrlTest, TakesItApartOrRefuses) {
  auto parts = ParseBaseUrl(GetParam().url);
  if (parts) {
    EXPECT_EQ(testing::PrintToString(*parts), GetParam().want);
  } else {
    EXPECT_EQ(parts.error().code, Code::kInvalid);
    EXPECT_NE(parts.error().message.find(GetParam().want), std::string::npos) << parts.error().message;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Http, ParseBaseUrlTest,
    testing::Values(Case{"https://10.0.0.1:6443", "tls 10.0.0.1 6443 \"\""},
                    Case{"HTTPS://Kubernetes.Default.SVC", "tls kubernetes.default.svc 443 \"\""},
                    Case{"http://localhost/", "plain localhost 80 \"\""},
                    Case{"https://rancher/k8s/clusters/c-1/", "tls rancher 443 \"/k8s/clusters/c-1\""},
                    Case{"https://[FD00::1]:6443", "tls ipv6 fd00::1 6443 \"\""}, Case{"", "must begin with https://"},
                    Case{"10.0.0.1:6443", "must begin with https://"}, Case{"ftp://a", "must begin with https://"},
                    Case{"https://", "no valid host"}, Case{"https://a b", "no valid host"},
                    Case{"https://[::1", "no valid host"}, Case{"https://[::1]x", "no valid host"},
                    Case{"https://[a]", "no valid host"}, Case{"https://a:", "no valid port"},
                    Case{"https://a:0", "no valid port"}, Case{"https://a:65536", "no valid port"},
                    Case{"https://a:1x", "no valid port"}, Case{"https://a/?x=1", "query"},
                    Case{"https://a/#x", "query"}, Case{"https://a/\r\n", "odd characters"}));

TEST(ParseBaseUrl, DoesNotRepeatAPassword) {
  auto parts = ParseBaseUrl("https://me:secret@host");
  ASSERT_FALSE(parts.has_value());
  EXPECT_EQ(parts.error().message.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace coreflow::http
