#include "pkg/kube/api_error.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace coreflow::kube {
namespace {

std::string Status(int code, const std::string& reason, const std::string& message, const std::string& details = "{}") {
  return R"({"kind":"Status","apiVersion":"v1","status":"Failure","message":")" + message + R"(","reason":")" + reason +
         R"(","details":)" + details + R"(,"code":)" + std::to_string(code) + "}";
}

struct Case {
  std::string name;
  http::Response response;
  ApiError want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }
std::string NameOf(const testing::TestParamInfo<Case>& info) { return info.param.name; }

class ErrorOfTest : public testing::TestWithParam<Case> {};

TEST_P(ErrorOfTest, SaysWhatToDo) { EXPECT_EQ(ErrorOf(GetParam().response), GetParam().want); }

Case Plain(std::string name, int status, const std::string& reason, Code want) {
  return {.name = std::move(name),
          .response = {.status = status, .body = Status(status, reason, "words")},
          .want = {.error = {want, "words"}, .status = status, .reason = reason}};
}

INSTANTIATE_TEST_SUITE_P(Statuses, ErrorOfTest,
                         testing::Values(Plain("BadRequest", 400, "BadRequest", Code::kInvalid),
                                         Plain("Unauthorized", 401, "Unauthorized", Code::kUnauthorized),
                                         Plain("Forbidden", 403, "Forbidden", Code::kForbidden),
                                         Plain("NotFound", 404, "NotFound", Code::kNotFound),
                                         Plain("MethodNotAllowed", 405, "MethodNotAllowed", Code::kInvalid),
                                         Plain("NameIsTaken", 409, "AlreadyExists", Code::kAlreadyExists),
                                         Plain("ChangedMeanwhile", 409, "Conflict", Code::kConflict),
                                         Plain("Expired", 410, "Expired", Code::kGone),
                                         Plain("TooLarge", 413, "RequestEntityTooLarge", Code::kInvalid),
                                         Plain("Invalid", 422, "Invalid", Code::kInvalid),
                                         Plain("TooMany", 429, "TooManyRequests", Code::kTooMany),
                                         Plain("WebhookFailed", 500, "InternalError", Code::kUnavailable),
                                         Plain("ShuttingDown", 503, "ServiceUnavailable", Code::kUnavailable),
                                         Plain("TimedOut", 504, "Timeout", Code::kUnavailable),
                                         Plain("NotAnErrorAtAll", 302, "", Code::kInternal)),
                         NameOf);

INSTANTIATE_TEST_SUITE_P(
    Bodies, ErrorOfTest,
    testing::Values(
        Case{"ProxysPage",
             {.status = 502, .body = "<html>Bad Gateway</html>"},
             {.error = {Code::kUnavailable, "the server answered 502"}, .status = 502}},
        Case{"NoBody", {.status = 404}, {.error = {Code::kNotFound, "the server answered 404"}, .status = 404}},
        Case{"OtherKindOfObject",
             {.status = 404, .body = R"({"kind":"Pod","message":"x","reason":"y"})"},
             {.error = {Code::kNotFound, "the server answered 404"}, .status = 404}},
        Case{"BodyThatContradictsItsAnswer",
             {.status = 503, .body = Status(404, "NotFound", "words")},
             {.error = {Code::kUnavailable, "words"}, .status = 503, .reason = "NotFound"}},
        Case{"FieldsOfWrongTypes",
             {.status = 422, .body = R"({"kind":"Status","code":"x","message":1,"reason":[],"details":7})"},
             {.error = {Code::kInvalid, "the server answered 422"}, .status = 422}},
        Case{"CausesAreKept",
             {.status = 403,
              .body = Status(
                  403, "Forbidden", "words",
                  R"({"causes":[{"reason":"NamespaceTerminating","message":"m","field":"metadata.namespace"}]})")},
             {.error = {Code::kForbidden, "words"},
              .status = 403,
              .reason = "Forbidden",
              .causes = {{"NamespaceTerminating", "m", "metadata.namespace"}}}}),
    NameOf);

ApiError Waits(std::optional<Duration> retry_after) {
  return {.error = {Code::kTooMany, "words"}, .status = 429, .reason = "TooManyRequests", .retry_after = retry_after};
}
http::Response TooMany(const std::string& header, const std::string& details = "{}") {
  http::Response response{.status = 429, .body = Status(429, "TooManyRequests", "words", details)};
  if (!header.empty()) response.headers["retry-after"] = header;
  return response;
}

INSTANTIATE_TEST_SUITE_P(
    RetryAfter, ErrorOfTest,
    testing::Values(Case{"InTheHeader", TooMany("2"), Waits(std::chrono::seconds(2))},
                    Case{"InTheBody", TooMany("", R"({"retryAfterSeconds":3})"), Waits(std::chrono::seconds(3))},
                    Case{"TheHeaderWins", TooMany("2", R"({"retryAfterSeconds":3})"), Waits(std::chrono::seconds(2))},
                    Case{"Zero", TooMany("0"), Waits({})}, Case{"Negative", TooMany("-1"), Waits({})},
                    Case{"ADate", TooMany("Wed, 21 Oct 2026 07:28:00 GMT"), Waits({})},
                    Case{"Overflow", TooMany("99999999999999999999"), Waits({})},
                    Case{"AWeekIsCutToADay", TooMany("604800"), Waits(std::chrono::hours(24))}),
    NameOf);

TEST(ApiError, KnowsTheDenialsThatMeanSomethingElse) {
  ApiError quota = ErrorOf({.status = 403,
                            .body = Status(403, "Forbidden",
                                           "pods p is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, "
                                           "limited: pods=2")});
  EXPECT_TRUE(IsQuotaExceeded(quota));
  EXPECT_FALSE(IsNamespaceEnding(quota));
  ApiError ending = ErrorOf(
      {.status = 403, .body = Status(403, "Forbidden", "w", R"({"causes":[{"reason":"NamespaceTerminating"}]})")});
  EXPECT_TRUE(IsNamespaceEnding(ending));
  EXPECT_FALSE(IsQuotaExceeded(ending));
}

TEST(ApiError, AMissingDefinitionIsNotAMissingNamespace) {
  EXPECT_TRUE(IsNamespaceEnding(
      ErrorOf({.status = 404, .body = Status(404, "NotFound", "w", R"({"name":"ci","kind":"namespaces"})")})));
  EXPECT_FALSE(IsNamespaceEnding(ErrorOf({.status = 404, .body = Status(404, "NotFound", "w")})));
  EXPECT_FALSE(IsNamespaceEnding(ErrorOf({.status = 404, .body = "404 page not found\n"})));
}

TEST(ApiError, KnowsVersionsTheServerCantServe) {
  EXPECT_TRUE(IsExpired(ErrorOf({.status = 410, .body = Status(410, "Gone", "w")})));
  EXPECT_TRUE(IsVersionTooLarge(ErrorOf(
      {.status = 504, .body = Status(504, "Timeout", "w", R"({"causes":[{"reason":"ResourceVersionTooLarge"}]})")})));
  EXPECT_TRUE(IsVersionTooLarge(
      ErrorOf({.status = 504, .body = Status(504, "Timeout", "Too large resource version: 9, current: 3")})));
  EXPECT_FALSE(IsVersionTooLarge(ErrorOf({.status = 504, .body = Status(504, "Timeout", "w")})));
}

}  // namespace
}  // namespace coreflow::kube
