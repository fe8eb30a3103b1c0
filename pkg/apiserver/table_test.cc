#include "pkg/apiserver/table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "pkg/base/rfc3339.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(HumanDurationTest, SaysItAsKubectlDoes) {
  struct Case {
    Duration duration;
    const char* want;
  };
  // The cases of k8s.io/apimachinery/pkg/util/duration/duration_test.go.
  const std::vector<Case> cases = {
      {seconds(-2), "<invalid>"},
      {seconds(-1), "0s"},
      {seconds(0), "0s"},
      {seconds(1), "1s"},
      {seconds(70), "70s"},
      {seconds(119), "119s"},
      {minutes(2), "2m"},
      {minutes(3) + seconds(10), "3m10s"},
      {minutes(10) - seconds(1), "9m59s"},
      {minutes(70), "70m"},
      {minutes(179) + seconds(59), "179m"},
      {hours(3), "3h"},
      {hours(3) + minutes(10), "3h10m"},
      {hours(8) - seconds(1), "7h59m"},
      {hours(47), "47h"},
      {hours(48), "2d"},
      {hours(49), "2d1h"},
      {hours(24 * 8 - 1), "7d23h"},
      {hours(24 * 8), "8d"},
      {hours(24 * 364), "364d"},
      {hours(24 * 729), "729d"},
      {hours(24 * 365 * 2), "2y"},
      {hours(24 * (365 * 2 + 4)), "2y4d"},
      {hours(24 * (365 * 3)), "3y"},
      {hours(24 * (365 * 8)), "8y"},
      {hours(24 * (365 * 8 + 364)), "8y"},
  };
  for (const Case& c : cases) EXPECT_EQ(HumanDuration(c.duration), c.want);
}

Time At(const char* text) { return Time(ParseRfc3339(text)->seconds); }

VersionPtr Item(const char* text) {
  const auto object = json::Parse(text);
  EXPECT_TRUE(object.has_value()) << text;
  return std::make_shared<const Version>(object ? *object : json::Value(), 7);
}

// "NAME READY …" with the columns of -o wide in brackets.
std::string Heads(const json::Value& table) {
  std::string heads;
  for (const json::Value& column : table["columnDefinitions"].Elements()) {
    const std::string name = column["name"].StringOr("?");
    heads += (heads.empty() ? "" : " ") + (column["priority"].IntOr(0) > 0 ? "[" + name + "]" : name);
  }
  return heads;
}

std::string Cells(const Resource& resource, const char* object) {
  const json::Value table = TableOf(resource, {Item(object)}, {}, RowObject::kNone, At("2030-01-01T00:01:30Z"));
  return json::Write(table["rows"].Elements().at(0)["cells"]);
}

TEST(TableTest, APodsRowIsAsPrintPodMakesIt) {
  EXPECT_EQ(Cells(Pods(), R"({"metadata": {"name": "p", "creationTimestamp": "2030-01-01T00:00:00Z"},
    "spec": {"containers": [{"name": "a"}, {"name": "b"}]},
    "status": {"phase": "Running", "containerStatuses": [{"ready": true, "restartCount": 2}, {"ready": false}]}})"),
            R"(["p","1/2","Running","2","90s","",""])");
}

struct StatusCase {
  const char* name;
  const char* pod;
  const char* want;
};
void PrintTo(const StatusCase& c, std::ostream* out) { *out << c.name; }

class PodStatus : public testing::TestWithParam<StatusCase> {};

TEST_P(PodStatus, IsShown) {
  const auto cells = json::Parse(Cells(Pods(), GetParam().pod));
  ASSERT_TRUE(cells.has_value());
  EXPECT_EQ(cells->Elements().at(2), json::Value(GetParam().want));
}

INSTANTIATE_TEST_SUITE_P(
    Table, PodStatus,
    testing::Values(
        StatusCase{"ThePhase", R"({"status": {"phase": "Pending"}})", "Pending"},
        StatusCase{"UnknownWithoutOne", R"({})", "Unknown"},
        StatusCase{"WhyThePodFailed", R"({"status": {"phase": "Failed", "reason": "Evicted"}})", "Evicted"},
        StatusCase{
            "WhyAContainerWaits",
            R"({"status": {"phase": "Pending", "containerStatuses": [{"state": {"waiting": {"reason": "ImagePullBackOff"}}}]}})",
            "ImagePullBackOff"},
        StatusCase{
            "WhyAContainerEnded",
            R"({"status": {"phase": "Failed", "containerStatuses": [{"state": {"terminated": {"reason": "OOMKilled"}}}]}})",
            "OOMKilled"},
        StatusCase{
            "ItsSignal",
            R"({"status": {"phase": "Failed", "containerStatuses": [{"state": {"terminated": {"signal": 9}}}]}})",
            "Signal:9"},
        StatusCase{
            "ItsExitCode",
            R"({"status": {"phase": "Failed", "containerStatuses": [{"state": {"terminated": {"exitCode": 3}}}]}})",
            "ExitCode:3"},
        StatusCase{"ThatItIsBeingDeleted",
                   R"({"metadata": {"deletionTimestamp": "2030-01-01T00:00:00Z"}, "status": {"phase": "Running"}})",
                   "Terminating"}),
    [](const auto& info) { return info.param.name; });

TEST(TableTest, WhatHasNoColumnsShowsNameAndAge) {
  const json::Value table = TableOf(Fences(), {}, {}, RowObject::kNone, Time());
  EXPECT_TRUE(Heads(table).starts_with("Name")) << Heads(table);
  EXPECT_EQ(table["kind"], json::Value("Table"));
  EXPECT_EQ(table["apiVersion"], json::Value("meta.k8s.io/v1"));
  EXPECT_TRUE(table["rows"].IsArray());
}

TEST(TableTest, EachRowHasACellForEachColumn) {
  for (const Resource& resource : AllResources()) {
    const json::Value table = TableOf(resource, {Item(R"({"metadata": {"name": "x"}})")}, {}, RowObject::kNone, Time());
    EXPECT_EQ(table["rows"].Elements().at(0)["cells"].Elements().size(), table["columnDefinitions"].Elements().size())
        << resource.Qualified();
  }
}

TEST(TableTest, WhatIsMissingIsEmptyTextOrNull) {
  const auto cells = json::Parse(Cells(Workflows(), R"({"metadata": {"name": "x"}})"));
  ASSERT_TRUE(cells.has_value());
  EXPECT_EQ(cells->Elements().at(0), json::Value("x"));
  EXPECT_EQ(std::ranges::count(cells->Elements(), json::Value("<unknown>")), 1) << "its age";
  for (const json::Value& cell : cells->Elements()) {
    EXPECT_TRUE(cell.IsNull() || cell.IsString()) << json::Write(cell);
  }
}

TEST(TableTest, ConfigMapsCountTheirKeys) {
  const auto cells = json::Parse(Cells(ConfigMaps(), R"({"metadata": {"name": "x"}, "data": {"a": "1", "b": "2"}})"));
  ASSERT_TRUE(cells.has_value());
  EXPECT_EQ(cells->Elements().at(1), json::Value(2));
}

TEST(TableTest, TheRowsObjectIsWhatWasAskedFor) {
  const VersionPtr item = Item(R"({"kind": "Pod", "metadata": {"name": "p", "uid": "u"}, "spec": {"x": 1}})");
  const auto row = [&](RowObject object) {
    return TableOf(Pods(), {item}, {}, object, Time())["rows"].Elements().at(0);
  };
  EXPECT_TRUE(row(RowObject::kNone)["object"].IsNull());
  EXPECT_EQ(row(RowObject::kMetadata)["object"]["kind"], json::Value("PartialObjectMetadata"));
  EXPECT_EQ(row(RowObject::kMetadata)["object"]["metadata"]["uid"], json::Value("u"));
  EXPECT_TRUE(row(RowObject::kMetadata)["object"]["spec"].IsNull());
  EXPECT_EQ(row(RowObject::kWhole)["object"]["spec"]["x"], json::Value(1));
}

}  // namespace
}  // namespace coreflow::apiserver
