#include "operator/manager/store_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace coreflow::manager {
namespace {

using store::Operation;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Lines : public logging::Sink {
 public:
  void Write(logging::Level, std::string_view line) override { lines.emplace_back(line); }
  std::vector<std::string> lines;
};

class StoreReportTest : public testing::Test {
 protected:
  void Fail(Code code) {
    const Error error{.code = code, .message = "it hurts"};
    report_.Hear(Operation::kGetEntry, &error);
  }

  std::chrono::steady_clock::time_point now_;
  metrics::Registry registry_;
  metrics::StoreMetrics metrics_{registry_};
  std::shared_ptr<Lines> sink_ = std::make_shared<Lines>();
  StoreReport report_{metrics_, logging::Log(sink_, logging::Level::kInfo), [this] { return now_; }};
};

TEST_F(StoreReportTest, CountsEveryCall) {
  report_.Hear(Operation::kPutBlob, nullptr);
  report_.Hear(Operation::kPutBlob, nullptr);
  Fail(Code::kNotFound);
  EXPECT_THAT(registry_.Text(), HasSubstr(R"(coreflow_store_requests_total{operation="PutBlob",result="OK"} 2)"));
  EXPECT_THAT(registry_.Text(),
              HasSubstr(R"(coreflow_store_requests_total{operation="GetEntry",result="NotFound"} 1)"));
}

TEST_F(StoreReportTest, SaysWhatIsWrongOnceAMinute) {
  Fail(Code::kUnavailable);
  Fail(Code::kUnavailable);
  Fail(Code::kForbidden);
  EXPECT_THAT(sink_->lines, ElementsAre(HasSubstr("Unavailable"), HasSubstr("Forbidden")));
  now_ += std::chrono::minutes(1);
  Fail(Code::kUnavailable);
  EXPECT_EQ(sink_->lines.size(), 3u);
}

TEST_F(StoreReportTest, SaysNothingOfAnswersThatAreExpected) {
  for (const Code code : {Code::kNotFound, Code::kAlreadyExists, Code::kCancelled, Code::kInvalid}) Fail(code);
  EXPECT_THAT(sink_->lines, IsEmpty());
}

}  // namespace
}  // namespace coreflow::manager
