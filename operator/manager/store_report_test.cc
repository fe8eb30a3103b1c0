#include "operator/manager/store_report.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "pkg/metrics/series_value.h"

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

  std::string Calls(Operation operation, const std::string& result) const {
    return metrics::SeriesValue(registry_,
                                fmt::format("coreflow_store_requests_total{{operation=\"{}\",result=\"{}\"}}",
                                            store::OperationName(operation), result));
  }

  std::chrono::steady_clock::time_point now_;
  metrics::Registry registry_;
  metrics::StoreMetrics metrics_{registry_};
  std::shared_ptr<Lines> sink_ = std::make_shared<Lines>();
  StoreReport report_{metrics_, logging::Log(sink_, logging::Level::kInfo), [this] { return now_; }};
};

TEST_F(StoreReportTest, CountsEveryAnswerToEveryOperation) {
  for (const Operation operation : store::kOperations) {
    report_.Hear(operation, nullptr);
    EXPECT_EQ(Calls(operation, "OK"), "1");
    for (int code = 0; code <= static_cast<int>(Code::kInternal); ++code) {
      const Error error{.code = static_cast<Code>(code), .message = "it hurts"};
      report_.Hear(operation, &error);
      EXPECT_EQ(Calls(operation, CodeName(error.code)), "1");
    }
  }
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
