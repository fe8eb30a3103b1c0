#include "pkg/runner/limits.h"

#include <gtest/gtest.h>

#include "pkg/json/parse.h"

namespace coreflow::runner {
namespace {

Limits Of(const std::string& limits) {
  return LimitsOf(json::Parse(R"({"name": "main", "resources": {"limits": )" + limits + "}}").value());
}

TEST(LimitsTest, AreThoseOfTheContainer) {
  EXPECT_EQ(Of(R"({"cpu": "500m", "memory": "64Mi"})"), (Limits{.cpu_millis = 500, .memory = 64 << 20}));
  EXPECT_EQ(Of(R"({"cpu": 2, "memory": 1000})"), (Limits{.cpu_millis = 2000, .memory = 1000}));
  EXPECT_EQ(Of(R"({"cpu": "1.5"})"), (Limits{.cpu_millis = 1500}));
  EXPECT_EQ(Of(R"({"ephemeral-storage": "1Gi"})"), Limits{});
  EXPECT_EQ(LimitsOf(json::Value(json::Object{{"name", "main"}})), Limits{});
}

TEST(LimitsTest, NothingOrLessIsNoLimit) {
  EXPECT_EQ(Of(R"({"cpu": 0, "memory": -1})"), Limits{});
  EXPECT_EQ(Of(R"({"cpu": "-1", "memory": "0"})"), Limits{});
  EXPECT_EQ(Of(R"({"cpu": "fast", "memory": {}})"), Limits{});
}

TEST(LimitsTest, HugeAmountsStayNumbers) {
  const Limits limits = Of(R"({"cpu": "1e30", "memory": 9223372036854775807})");
  EXPECT_GT(limits.cpu_millis, 1'000'000);
  EXPECT_GT(limits.memory, int64_t{1} << 50);
  EXPECT_EQ(SettingsOf({.cpu_millis = limits.cpu_millis}).front().text.front(), '1');
}

TEST(LimitsTest, AreSetAsARuntimeSetsThem) {
  EXPECT_EQ(SettingsOf({.cpu_millis = 1500}), (std::vector<CgroupSetting>{{"cpu.max", "150000 100000"}}));
  EXPECT_EQ(SettingsOf({.cpu_millis = 1}), (std::vector<CgroupSetting>{{"cpu.max", "1000 100000"}}));
  EXPECT_EQ(SettingsOf({.memory = 4096}),
            (std::vector<CgroupSetting>{
                {"memory.max", "4096"}, {"memory.oom.group", "1", true}, {"memory.swap.max", "0", true}}));
  EXPECT_TRUE(SettingsOf({}).empty());
}

}  // namespace
}  // namespace coreflow::runner
