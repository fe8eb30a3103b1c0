#include "pkg/engine/recorder.h"

#include <gtest/gtest.h>

#include <string>

namespace coreflow::engine {
namespace {

ItemResult FullResult() {
  return {.state = State::kFailed,
          .reason = api::Reason::kCommandFailed,
          .message = "exit code 3: no luck",
          .attempts = 2,
          .exit_code = 3,
          .outputs = {{"rows", 3}},
          .artifacts = {{"model", {.digest = std::string(64, 'a'), .bytes = 7, .archive = api::Archive::kTar}}},
          .usage = artifact::Usage{.cpu_milliseconds = 1520, .peak_memory_bytes = int64_t{3} << 30},
          .start_time = ParseTime("2026-01-02T03:04:05Z"),
          .completion_time = ParseTime("2026-01-02T03:05:05Z"),
          .pod_name = "p",
          .node_name = "n",
          .cache = CacheVerdict{.key = std::string(64, 'b'), .because = "it is new"}};
}

TEST(RecordItem, SaysAllOfAResult) {
  const auto read = FromRecordItem(ToRecordItem("train", 4, FullResult()));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->step, "train");
  EXPECT_EQ(read->index, 4);
  EXPECT_EQ(read->result, FullResult());
}

TEST(RecordItem, OfLittleIsShort) {
  const ItemResult result{.state = State::kSkipped, .reason = api::Reason::kWhenFalse};
  const json::Value item = ToRecordItem("train", std::nullopt, result);
  EXPECT_EQ(item, (json::Value(json::Object{{"step", "train"}, {"state", "Skipped"}, {"reason", "WhenFalse"}})));
  EXPECT_EQ(FromRecordItem(item)->result, result);
}

}  // namespace
}  // namespace coreflow::engine
