#include "pkg/cache/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "pkg/base/test_folder.h"
#include "pkg/store/directory.h"

namespace coreflow::cache {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;

const Time kNow = Time(hours(500'000));

SweptValue Value(const std::string& name, Duration age, uint64_t bytes = 1) {
  return {.name = name, .written = kNow - age, .bytes = bytes};
}

TEST(PlanSweep, LeavesWhatIsYoungAndLittle) {
  EXPECT_THAT(PlanSweep({Value("a", hours(1)), Value("b", hours(2))}, kNow, {}), IsEmpty());
}

TEST(PlanSweep, DeletesWhatIsTooOld) {
  EXPECT_THAT(PlanSweep({Value("a", hours(1)), Value("b", hours(3))}, kNow, {.max_age = hours(2)}), ElementsAre("b"));
}

TEST(PlanSweep, DeletesTheOldestUntilATenthIsFree) {
  std::vector<SweptValue> values;
  for (int i = 0; i < 11; ++i) values.push_back(Value(std::string(1, static_cast<char>('a' + i)), hours(i), 10));
  EXPECT_THAT(PlanSweep(values, kNow, {.max_bytes = 100}), ElementsAre("k", "j"));
  values.pop_back();
  EXPECT_THAT(PlanSweep(values, kNow, {.max_bytes = 100}), IsEmpty());
}

TEST(Sweep, DeletesWhatIsOldOrNoneOfOurs) {
  const TestFolder folder;
  const std::unique_ptr<store::Store> store = *store::NewDirectoryStore(folder / "store");
  const auto put = [&](const std::string& name, const std::string& text) { ASSERT_TRUE(store->PutEntry(name, text)); };
  put("ns/results/young", R"({"kept":")" + FormatTime(kNow - hours(1)) + R"("})");
  put("ns/results/old", R"({"kept":")" + FormatTime(kNow - hours(800)) + R"("})");
  put("ns/images/young", R"({"seen":")" + FormatTime(kNow - hours(1)) + R"("})");
  put("ns/nearest/young", R"({"at":")" + FormatTime(kNow) + R"("})");
  put("other/results/damaged", "what is this?");
  put("ns/blobs/old", R"({"at":")" + FormatTime(kNow - hours(800)) + R"("})");
  put("service/keys/for-ever", "not ours to read");
  EXPECT_EQ(Sweep(*store, kNow, {}, {}).value(), 3);
  EXPECT_THAT(store->ListEntries("", 100, "")->names,
              testing::UnorderedElementsAre("ns/results/young", "ns/images/young", "ns/nearest/young",
                                            "service/keys/for-ever"));
}

TEST(Sweep, EndsWhenItIsAskedTo) {
  const TestFolder folder;
  const std::unique_ptr<store::Store> store = *store::NewDirectoryStore(folder / "store");
  ASSERT_TRUE(store->PutEntry("ns/results/old", "{}"));
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(Sweep(*store, kNow, {}, stop.get_token()).value(), 0);
}

}  // namespace
}  // namespace coreflow::cache
