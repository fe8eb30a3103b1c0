#include "pkg/http/request_text.h"

#include <gtest/gtest.h>

namespace coreflow::http {
namespace {

const BaseUrl kServer{.tls = true, .host = "api.internal", .port = 6443, .path = "/k8s"};
const BaseUrl kLiteral{.host = "::1", .ipv6_literal = true, .port = 80};

TEST(RequestTextTest, WritesARequest) {
  EXPECT_EQ(RequestText({.target = "/api?x=1", .headers = {{"Accept", "a"}, {"Accept", "b"}}}, kServer, false),
            "GET /k8s/api?x=1 HTTP/1.1\r\nHost: api.internal:6443\r\nAccept: a\r\nAccept: b\r\n\r\n");
  EXPECT_EQ(RequestText({.method = "POST", .target = "/x", .body = "{}"}, kLiteral, false),
            "POST /x HTTP/1.1\r\nHost: [::1]\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
}

TEST(RequestTextTest, SaysThatABodyIsEmptyWhereOneIsExpected) {
  EXPECT_EQ(RequestText({.method = "POST"}, kLiteral, false),
            "POST / HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(RequestText({.method = "DELETE"}, kLiteral, false), "DELETE / HTTP/1.1\r\nHost: [::1]\r\n\r\n");
}

TEST(RequestTextTest, LeavesTheCallersHeadersAlone) {
  EXPECT_EQ(RequestText({.method = "PATCH", .headers = {{"host", "other"}, {"content-type", "text/x"}}, .body = "b"},
                        kLiteral, false),
            "PATCH / HTTP/1.1\r\nhost: other\r\ncontent-type: text/x\r\nContent-Length: 1\r\n\r\nb");
}

TEST(RequestTextTest, NamesTheServerToAProxy) {
  EXPECT_EQ(RequestText({.target = "/x"}, kLiteral, true), "GET http://[::1]/x HTTP/1.1\r\nHost: [::1]\r\n\r\n");
  EXPECT_EQ(ConnectText(kServer), "CONNECT api.internal:6443 HTTP/1.1\r\nHost: api.internal:6443\r\n\r\n");
  EXPECT_EQ(ConnectText(kLiteral), "CONNECT [::1]:80 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n");
}

TEST(RequestTextTest, RepeatsWhatDoesTheSameAgain) {
  for (const char* method : {"GET", "HEAD", "PUT", "DELETE"}) EXPECT_TRUE(IsRepeatable(method)) << method;
  for (const char* method : {"POST", "PATCH", "get", ""}) EXPECT_FALSE(IsRepeatable(method)) << method;
}

}  // namespace
}  // namespace coreflow::http
