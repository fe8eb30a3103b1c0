// A replica starts while another leads, and takes its lists of pods, of records and of objects at any three moments of
// the leader's writes. Then the leader dies, and the replica leads with what it has put together.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "pkg/json/parse.h"
#include "tests/sim/simulation.h"

namespace coreflow::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr char kWorkflow[] = R"json({"metadata": {"name": "w"}, "spec": {
  "defaults": {"image": "busybox:1.36"},
  "steps": [
    {"name": "flaky", "command": ["x"], "retryPolicy": {"limit": 1}},
    {"name": "join", "command": ["x"], "dependsOn": ["flaky"]}]}})json";

simulation::Behaviour BehaviourOf(const json::Value& pod) {
  simulation::Behaviour behaviour{.runs_for = seconds(2)};
  const engine::PodView view = engine::ParsePod(pod);
  if (view.step == "flaky" && view.facts->attempt == 1) behaviour.end.exit_code = 7;
  return behaviour;
}

// Counts the lists that the second replica asks for.
class Lists : public simulation::Faults {
 public:
  simulation::RequestFault OnRequest(const http::Request& request) override {
    const bool list = request.method == "GET" && request.target.find("limit=") != std::string::npos;
    for (const auto& [name, value] : request.headers) {
      sent_ += list && name == "User-Agent" && value == kOperatorAgent + std::string("-1");
    }
    return {};
  }
  simulation::WatchFault OnWatch(const http::Request&) override { return {}; }
  simulation::FrameFault OnFrame(const http::Request&) override { return {}; }
  int sent() const { return sent_; }

 private:
  int sent_ = 0;
};

#ifdef NDEBUG
constexpr int kStep = 1;
#else
constexpr int kStep = 4;  // sanitizers take their time
#endif

struct Ended {
  std::string report = {};
  std::string state = {};
  std::vector<std::string> started = {};  // the pods, sorted
  int writes = 0;                         // of the first leader
};

// Each list is asked for when the leader has made so many writes; with the last one it dies.
Ended RunWith(const std::vector<int>& moments) {
  Lists lists;
  Simulation simulation({.processes = 2, .faults = &lists, .fence_lag = seconds(0), .script = BehaviourOf});
  Process& leader = *simulation.processes()[0];
  Process& other = *simulation.processes()[1];
  simulation.StartProcess(leader, {});
  simulation.AdvanceUntil([&] { return leader.leading(); }, minutes(2));
  simulation.Advance(seconds(3));
  const int before = leader.writes();
  const auto made = simulation.cluster().Create(apiserver::Workflows(), "default", *json::Parse(kWorkflow));
  CHECK(made.has_value(), "the workflow is taken");
  for (size_t i = 0; i < moments.size(); ++i) {
    simulation.AdvanceUntil([&] { return leader.writes() >= before + moments[i]; }, minutes(5));
    if (i == 0) {
      simulation.StartProcess(other, {});
    } else {
      other.Pause(false);
    }
    simulation.AdvanceUntil([&] { return lists.sent() > static_cast<int>(i); }, seconds(10));
    other.Pause(true);  // it takes no answer before its next moment
  }
  Ended ended;
  if (!moments.empty()) {
    simulation.Advance(milliseconds(10));
    simulation.Crash(leader);
    other.Pause(false);
  }
  simulation.ExpectRunsEnd(minutes(10));
  ended.writes = leader.writes() - before;
  ended.state = simulation.cluster().Get(apiserver::Workflows(), "default", "w")["status"]["state"].StringOr("");
  for (const apiserver::AuditEntry& entry : simulation.audit().entries()) {
    if (entry.resource == &apiserver::Pods() && !entry.before) ended.started.push_back(entry.key);
  }
  std::ranges::sort(ended.started);
  ended.report = simulation.Report();
  return ended;
}

TEST(ThreeListsTest, TakenAtAnyThreeMomentsTheyChangeNothingOfWhatRuns) {
  const Ended whole = RunWith({});
  ASSERT_EQ(whole.report, "");
  ASSERT_EQ(whole.state, "Succeeded");
  ASSERT_EQ(whole.started.size(), 3u);
  ASSERT_GT(whole.writes, 8);
  for (int pods = 0; pods <= whole.writes; pods += kStep) {
    for (int records = pods; records <= whole.writes; records += kStep) {
      for (int objects = records; objects <= whole.writes; objects += kStep) {
        SCOPED_TRACE("lists after " + std::to_string(pods) + ", " + std::to_string(records) + ", " +
                     std::to_string(objects) + " writes");
        const Ended cut = RunWith({pods, records, objects});
        ASSERT_EQ(cut.report, "");
        EXPECT_EQ(cut.state, whole.state);
        EXPECT_EQ(cut.started, whole.started) << "an attempt more or fewer";
      }
    }
  }
}

}  // namespace
}  // namespace coreflow::sim
