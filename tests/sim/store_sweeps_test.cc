// Sweeps of the store on the stage, and that the checker knows a wrong one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "pkg/artifact/blob_entry.h"
#include "pkg/artifact/executor_message.h"
#include "pkg/engine/pretended.h"
#include "tests/sim/known_faults.h"

namespace coreflow::sim {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

constexpr char kLeavesOne[] = R"json({"defaults": {"image": "busybox:1.36"}, "steps": [
  {"name": "a", "command": ["x"], "outputArtifacts": [{"name": "data", "path": "/out"}]}]})json";

// A workflow whose one step leaves one artifact.
class StoreSweeps : public testing::Test {
 protected:
  simulation::Behaviour Leave(const json::Value& pod) {
    simulation::Behaviour behaviour{.runs_for = seconds(10), .end = {.output = engine::PretendedMessage(pod, "")}};
    const auto message = artifact::ReadExecutorMessage(behaviour.end.output);
    if (!message || message->artifacts.size() != 1) return behaviour;
    left = {.name_space = "default", .digest = message->artifacts.begin()->second.digest};
    behaviour.before_end = [this](simulation::ContainerEnd&) { Store().PutBlob(left, 4, ""); };
    return behaviour;
  }
  SimulatedStore& Store() { return world.simulation.store(); }
  std::string Entry() const { return artifact::BlobEntry(left.name_space, left.digest); }

  SimulatedStore::BlobName left = {};
  OneWorkflow world{kLeavesOne, {.script = [this](const json::Value& pod) { return Leave(pod); }}};
};

TEST_F(StoreSweeps, LeaveAnArtifactForAsLongAsARecordNamesIt) {
  ASSERT_EQ(world.End(), "Succeeded");
  const SimulatedStore::BlobName orphan{.name_space = "default", .digest = std::string(64, 'a')};
  Store().PutBlob(orphan, 4, "");
  world.simulation.Advance(minutes(10));
  EXPECT_TRUE(Store().HasBlob(orphan)) << "it is young";
  world.simulation.SwitchOffForADay();
  world.simulation.Advance(minutes(10));
  EXPECT_TRUE(Store().HasBlob(left));
  EXPECT_THAT(Store().blobs(), testing::SizeIs(1)) << "nobody names the other";
  world.simulation.ExpectNothingLeft(minutes(15));
  world.simulation.ExpectStoreSwept(minutes(15));
  EXPECT_EQ(world.simulation.Report(), "");
  EXPECT_THAT(Store().blobs(), testing::IsEmpty());
}

TEST_F(StoreSweeps, OfWhatARecordNamesBreakAPromise) {
  ASSERT_EQ(world.End(), "Succeeded");
  Store().SweepEntry(Entry());
  EXPECT_THAT(world.simulation.Report(), HasSubstr("SweptInUse default/w"));
}

TEST_F(StoreSweeps, OfABlobThatHasANameBreakAPromise) {
  ASSERT_EQ(world.End(), "Succeeded");
  Store().SweepBlob(left.digest);
  EXPECT_THAT(world.simulation.Report(), HasSubstr("SweptThoughNamed sha256:" + left.digest));
}

TEST_F(StoreSweeps, BeforeTheRecordIsStoredBreakAPromise) {
  ASSERT_TRUE(world.simulation.AdvanceUntil([&] { return Store().HasBlob(left); }, minutes(5)));
  Store().SweepEntry(Entry());
  world.simulation.AdvanceUntil([&] { return world.State() == "Succeeded"; }, minutes(5));
  EXPECT_THAT(world.simulation.Report(), HasSubstr("SweptTooEarly default/w"));
}

TEST_F(StoreSweeps, OfWhatIsPutAgainBreakNone) {
  ASSERT_TRUE(world.simulation.AdvanceUntil([&] { return Store().HasBlob(left); }, minutes(5)));
  Store().SweepEntry(Entry());
  Store().PutBlob(left, 4, "");
  EXPECT_EQ(world.End(), "Succeeded");
}

TEST_F(StoreSweeps, ThatForgetSomethingBreakAPromise) {
  ASSERT_EQ(world.End(), "Succeeded");
  world.simulation.ExpectNothingLeft(minutes(15));
  Store().PutBlob(left, 4, "");
  world.simulation.ExpectStoreSwept(minutes(5));
  EXPECT_THAT(world.simulation.Report(), HasSubstr("LeftInStore  " + Entry())) << "it is too young to be swept";
}

}  // namespace
}  // namespace coreflow::sim
