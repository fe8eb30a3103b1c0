#include "pkg/patch/managed_fields.h"

#include <gtest/gtest.h>

#include "pkg/patch/yaml_for_test.h"

namespace coreflow::patch {
namespace {

TEST(ManagedFields, ReadsBackWhatItWrites) {
  json::Value list = Yaml(R"(
- {apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {"f:a": {}}, manager: kubectl, operation: Apply, time: '2026-01-02T03:04:05Z'}
- {apiVersion: v1, fieldsType: FieldsV1, fieldsV1: {"f:b": {}}, manager: operator, operation: Update, subresource: status}
)");
  auto entries = ReadManagedFields(list);
  ASSERT_TRUE(entries.has_value());
  EXPECT_EQ(WriteManagedFields(*entries), list);
  EXPECT_EQ(ShowManager((*entries)[0]), "\"kubectl\"");
  EXPECT_EQ(ShowManager((*entries)[1]), "\"operator\" with subresource \"status\" using v1");
}

TEST(ManagedFields, AreOrderedByOperationAndTime) {
  auto entry = [](const char* manager, Operation operation, const char* time) {
    return ManagedEntry{.manager = manager, .operation = operation, .api_version = "v1", .time = time};
  };
  json::Value list = WriteManagedFields({entry("b", Operation::kUpdate, "2026-01-01T00:00:00Z"),
                                         entry("a", Operation::kUpdate, "2026-01-02T00:00:00Z"),
                                         entry("c", Operation::kApply, "2026-01-03T00:00:00Z")});
  std::string order;
  for (const json::Value& one : list.AsArray()) order += one["manager"].AsString();
  EXPECT_EQ(order, "cba");
}

TEST(ManagedFields, RefusesWhatIsNone) {
  auto error = [](const char* text) {
    auto entries = ReadManagedFields(Yaml(text));
    return entries ? "" : entries.error().message;
  };
  EXPECT_EQ(error("[{operation: Patch}]"), "operation must be `Apply` or `Update`");
  EXPECT_EQ(error("[{operation: Apply}]"), "apiVersion must not be empty");
  EXPECT_EQ(error("[{operation: Apply, apiVersion: v1}]"), "fieldsType must be `FieldsV1`");
}

TEST(ManagedFields, OldestUpdatesAreTakenTogether) {
  std::vector<ManagedEntry> entries;
  entries.reserve(12);
  for (int i = 0; i < 12; ++i) {
    entries.push_back({.manager = "m" + std::to_string(i),
                       .api_version = "v1",
                       .time = "2026-01-01T00:00:" + std::to_string(10 + i) + "Z",
                       .fields = FieldSet::Of({{std::to_string(i)}})});
  }
  CapUpdates(entries);
  EXPECT_EQ(entries.size(), 10U);
  EXPECT_EQ(entries.back().manager, "ancient-changes");
  EXPECT_EQ(entries.back().time, "2026-01-01T00:00:12Z");
  EXPECT_EQ(entries.back().fields, FieldSet::Of({{"0"}, {"1"}, {"2"}}));
}

}  // namespace
}  // namespace coreflow::patch
