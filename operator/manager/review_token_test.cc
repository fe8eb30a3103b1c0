#include "operator/manager/review_token.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"

namespace coreflow::manager {
namespace {

// An API server that gives one answer.
class OneAnswer : public http::Transport {
 public:
  explicit OneAnswer(Result<http::Response> answer) : answer_(std::move(answer)) {}

  std::shared_ptr<http::Cancel> Send(http::Request request, std::chrono::milliseconds, Completion done) override {
    asked = std::move(request);
    done(answer_);
    return nullptr;
  }
  std::shared_ptr<http::Cancel> Stream(http::Request, std::chrono::milliseconds, std::shared_ptr<http::Sink>,
                                       StreamEnd) override {
    return nullptr;
  }

  http::Request asked;

 private:
  const Result<http::Response> answer_;
};

http::Response Reviewed(const std::string& status) {
  return {.status = 201,
          .body = R"({"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","status":)" + status + "}"};
}

TEST(ReviewToken, AsksForOurAudienceAlone) {
  OneAnswer server(Reviewed("{}"));
  ASSERT_TRUE(ReviewBy(server)("a.b.c").has_value());
  EXPECT_EQ(server.asked.method, "POST");
  EXPECT_TRUE(server.asked.target.starts_with("/apis/authentication.k8s.io/v1/tokenreviews")) << server.asked.target;
  const auto body = json::Parse(server.asked.body);
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ((*body)["spec"],
            json::Value(json::Object{{"token", "a.b.c"}, {"audiences", json::Array{"coreflow-data"}}}));
}

TEST(ReviewToken, TellsWhoseItIs) {
  OneAnswer server(Reviewed(R"({"authenticated":true,"audiences":["coreflow-data"],
    "user":{"username":"system:serviceaccount:team:coreflow-reader","groups":["system:authenticated"]}})"));
  const auto owner = ReviewBy(server)("a.b.c");
  ASSERT_TRUE(owner.has_value());
  EXPECT_TRUE(owner->authenticated);
  EXPECT_EQ(owner->name, "system:serviceaccount:team:coreflow-reader");
  EXPECT_EQ(owner->audiences, std::vector<std::string>{"coreflow-data"});
}

TEST(ReviewToken, AnAnswerThatSaysNothingLetsNobodyIn) {
  for (const char* status : {"{}", R"({"error":"token expired"})", R"({"authenticated":"true","user":3})"}) {
    OneAnswer server(Reviewed(status));
    const auto owner = ReviewBy(server)("a.b.c");
    ASSERT_TRUE(owner.has_value());
    EXPECT_FALSE(owner->authenticated) << status;
    EXPECT_TRUE(owner->audiences.empty());
  }
}

TEST(ReviewToken, ARefusalIsAnErrorWithoutTheToken) {
  OneAnswer denies(http::Response{.status = 403, .body = R"({"kind":"Status","code":403,"message":"you can't"})"});
  const auto owner = ReviewBy(denies)("a.b.c");
  ASSERT_FALSE(owner.has_value());
  EXPECT_EQ(owner.error().message, "you can't");
  OneAnswer silent(Error{.code = Code::kUnavailable, .message = "no answer"});
  EXPECT_FALSE(ReviewBy(silent)("a.b.c").has_value());
}

}  // namespace
}  // namespace coreflow::manager
