#include "pkg/cache/sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "pkg/base/test_folder.h"
#include "pkg/cache/empty_store.h"
#include "pkg/store/directory.h"

namespace coreflow::cache {
namespace {

using std::chrono::hours;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

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
  values.reserve(11);
  for (int i = 0; i < 11; ++i) values.push_back(Value(std::string(1, static_cast<char>('a' + i)), hours(i), 10));
  EXPECT_THAT(PlanSweep(values, kNow, {.max_bytes = 100}), ElementsAre("k", "j"));
  values.pop_back();
  EXPECT_THAT(PlanSweep(values, kNow, {.max_bytes = 100}), IsEmpty());
}

class SweepTest : public testing::Test {
 protected:
  void Put(const std::string& name, const std::string& text) { ASSERT_TRUE(store->PutEntry(name, text)); }
  void PutAt(const std::string& name, const std::string& field, Duration age, const std::string& more = "") {
    Put(name, R"({")" + field + R"(":")" + FormatTime(kNow - age) + R"(")" + more + "}");
  }
  std::vector<std::string> Names() { return store->ListEntries("", 100, "")->names; }

  TestFolder folder;
  std::unique_ptr<store::Store> store = *store::NewDirectoryStore(folder / "store");
};

TEST_F(SweepTest, DeletesWhatIsOldOrNoneOfOurs) {
  PutAt("ns/results/young", "kept", hours(1));
  PutAt("ns/results/old", "kept", hours(800));
  PutAt("ns/images/young", "seen", hours(1));
  PutAt("ns/nearest/young", "at", hours(0));
  Put("other/results/damaged", "what is this?");
  Put("service/keys/for-ever", "not ours to read");
  EXPECT_EQ(Sweep(*store, kNow, {}, BlobsInUse(), {}).value(), 2);
  EXPECT_THAT(Names(),
              UnorderedElementsAre("ns/results/young", "ns/images/young", "ns/nearest/young", "service/keys/for-ever"));
}

TEST_F(SweepTest, KeepsArtifactsForAsLongAsSomethingRefersToThem) {
  const std::string of_run(64, 'a'), of_result(64, 'b'), unused(64, 'c'), young(64, 'd');
  for (const std::string& digest : {of_run, of_result, unused}) PutAt("ns/blobs/" + digest, "at", hours(10'000));
  PutAt("ns/blobs/" + young, "at", hours(23));
  PutAt("other/blobs/" + of_run, "at", hours(25));
  PutAt("ns/results/r", "kept", hours(1),
        R"(,"artifacts":[{"name":"x","bytes":1,"archive":"None","digest":"sha256:)" + of_result + R"("}])");
  BlobsInUse in_use;
  in_use.Add(BlobsInUse::HashOf("ns", of_run));
  EXPECT_EQ(Sweep(*store, kNow, {}, in_use, {}).value(), 2);
  EXPECT_THAT(Names(),
              UnorderedElementsAre("ns/blobs/" + of_run, "ns/blobs/" + of_result, "ns/blobs/" + young, "ns/results/r"))
      << "the other namespace's is not used there";
}

TEST_F(SweepTest, LeavesArtifactsOfNamespacesThatItKnowsNothingOf) {
  const std::string digest(64, 'a');
  PutAt("ns/blobs/" + digest, "at", hours(25));
  PutAt("other/blobs/" + digest, "at", hours(25));
  EXPECT_EQ(Sweep(*store, kNow, {}, BlobsInUse({"ns"}), {}).value(), 1);
  EXPECT_THAT(Names(), ElementsAre("other/blobs/" + digest));
}

TEST_F(SweepTest, HowMuchResultsTakeCostsNoArtifact) {
  const std::string digest(64, 'a');
  PutAt("ns/blobs/" + digest, "at", hours(25));
  PutAt("ns/results/r", "kept", hours(1));
  BlobsInUse in_use;
  in_use.Add(BlobsInUse::HashOf("ns", digest));
  EXPECT_EQ(Sweep(*store, kNow, {.max_bytes = 0}, in_use, {}).value(), 1);
  EXPECT_THAT(Names(), ElementsAre("ns/blobs/" + digest));
}

// Three results that are as old as can be, one of which can't be deleted.
class Stubborn : public EmptyStore {
 public:
  Result<store::EntryPage> ListEntries(const std::string&, size_t, const std::string&) override {
    return store::EntryPage{.names = {"ns/results/a", "ns/results/b", "ns/results/c"}};
  }
  Result<std::string> GetEntry(const std::string&) override { return std::string("{}"); }
  Result<void> DeleteEntry(const std::string& name) override {
    tried.push_back(name);
    if (name == "ns/results/b") return Error{.code = code, .message = "no"};
    return {};
  }

  Code code = Code::kForbidden;
  std::vector<std::string> tried;
};

TEST(Sweep, OfWhatCanNotBeDeletedHoldsUpNothingElse) {
  Stubborn stubborn;
  EXPECT_EQ(Sweep(stubborn, kNow, {}, BlobsInUse(), {}).value(), 2);
  EXPECT_THAT(stubborn.tried, ElementsAre("ns/results/a", "ns/results/b", "ns/results/c"));
}

TEST(Sweep, OfAStoreThatIsDownEnds) {
  Stubborn down;
  down.code = Code::kUnavailable;
  EXPECT_FALSE(Sweep(down, kNow, {}, BlobsInUse(), {}));
  EXPECT_THAT(down.tried, ElementsAre("ns/results/a", "ns/results/b"));
}

// One old artifact in each of two namespaces. A result of the first can't be read for now.
class Silent : public EmptyStore {
 public:
  Result<store::EntryPage> ListEntries(const std::string&, size_t, const std::string&) override {
    const std::string blob = "/blobs/" + std::string(64, 'a');
    return store::EntryPage{.names = {"ns" + blob, "ns/results/r", "other" + blob}};
  }
  Result<std::string> GetEntry(const std::string& name) override {
    if (name == "ns/results/r") return Error{.code = code, .message = "no"};
    return std::string("{}");
  }
  Result<void> DeleteEntry(const std::string& name) override {
    deleted.push_back(name);
    return {};
  }

  Code code = Code::kUnavailable;
  std::vector<std::string> deleted;
};

TEST(Sweep, ANamespaceKeepsItsArtifactsWhileAResultOfItCanNotBeRead) {
  Silent silent;
  EXPECT_EQ(Sweep(silent, kNow, {}, BlobsInUse(), {}).value(), 1);
  EXPECT_THAT(silent.deleted, ElementsAre("other/blobs/" + std::string(64, 'a')));
}

TEST(Sweep, AResultThatIsGoneHoldsUpNothing) {
  Silent gone;
  gone.code = Code::kNotFound;
  EXPECT_EQ(Sweep(gone, kNow, {}, BlobsInUse(), {}).value(), 2);
}

TEST_F(SweepTest, EndsWhenItIsAskedTo) {
  Put("ns/results/old", "{}");
  std::stop_source stop;
  stop.request_stop();
  EXPECT_EQ(Sweep(*store, kNow, {}, BlobsInUse(), stop.get_token()).value(), 0);
}

}  // namespace
}  // namespace coreflow::cache
