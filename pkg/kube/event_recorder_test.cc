#include "pkg/kube/event_recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "pkg/kube/testing/scripted_transport.h"
#include "pkg/reactor/virtual_loop.h"

namespace coreflow::kube {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class EventRecorderTest : public testing::Test {
 protected:
  static Event Failed(const std::string& note = "step a failed") {
    return {.regarding = {"coreflow.dev/v1alpha1", "Workflow", {"n", "w"}, "u1"},
            .warning = true,
            .reason = "RunFailed",
            .action = "Run",
            .note = note};
  }
  json::Value Sent(size_t index) { return *json::Parse(transport_.requests().at(index).body); }

  reactor::VirtualLoop loop_{Time(seconds(1000))};
  ScriptedTransport transport_{loop_};
  Client client_{loop_, transport_};
  EventRecorder recorder_{loop_, client_, {.source = {.instance = "operator-0"}, .max_queued = 3}};
};

TEST_F(EventRecorderTest, WritesAnEventOfTheNewApi) {
  transport_.Once("POST /apis/events.k8s.io/v1/namespaces/n/events", {.status = 201});
  recorder_.Record(Failed());
  loop_.RunUntilIdle();
  json::Object sent = Sent(0).Members();
  EXPECT_THAT(sent["metadata"]["name"].AsString(), testing::MatchesRegex("w\\.[a-z][a-z2-7]{15}"));
  sent.erase("metadata");
  EXPECT_EQ(json::Value(sent), *json::Parse(R"({
      "apiVersion": "events.k8s.io/v1", "kind": "Event", "eventTime": "1970-01-01T00:16:40.000000Z",
      "reportingController": "coreflow.dev/operator", "reportingInstance": "operator-0",
      "action": "Run", "reason": "RunFailed", "note": "step a failed", "type": "Warning",
      "regarding": {"apiVersion": "coreflow.dev/v1alpha1", "kind": "Workflow", "namespace": "n", "name": "w",
                    "uid": "u1"}})"));
  EXPECT_EQ(recorder_.counts().written, 1u);
}

TEST_F(EventRecorderTest, ASecondOneMakesASeries) {
  transport_.Once("POST", {.status = 201});
  transport_.Once("PATCH /apis/events.k8s.io/v1/namespaces/n/events/w.", {});
  recorder_.Record(Failed());
  loop_.Advance(seconds(2));
  recorder_.Record(Failed());
  loop_.RunUntilIdle();
  EXPECT_EQ(Sent(1), *json::Parse(R"({"series": {"count": 2, "lastObservedTime": "1970-01-01T00:16:42.000000Z"}})"));
}

TEST_F(EventRecorderTest, ASeriesWhoseEventHasExpiredIsMadeAgain) {
  transport_.Once("POST", {.status = 201});
  transport_.Once("PATCH", StatusReply(404, "NotFound"));
  transport_.Once("POST", {.status = 201});
  recorder_.Record(Failed());
  recorder_.Record(Failed());
  loop_.RunUntilIdle();
  EXPECT_EQ(Sent(2)["series"]["count"], json::Value(2));
  EXPECT_EQ(recorder_.counts().written, 2u);
}

TEST_F(EventRecorderTest, CountsAreFlushedAndThenNothingIsLeftToDo) {
  transport_.Once("POST", {.status = 201});
  transport_.Always("PATCH", {});
  for (int i = 0; i < 9; ++i) recorder_.Record(Failed());
  loop_.Advance(minutes(30));
  ASSERT_THAT(transport_.requests(), SizeIs(3));
  EXPECT_EQ(Sent(2)["series"]["count"], json::Value(9));
  EXPECT_EQ(loop_.NextTimer(), std::nullopt);
}

TEST_F(EventRecorderTest, TriesAgainWhileTheServerIsAwayAndThenLetsGo) {
  transport_.Always("POST", Unanswered());
  recorder_.Record(Failed());
  loop_.Advance(minutes(10));
  EXPECT_THAT(transport_.requests(), SizeIs(12));
  EXPECT_EQ(recorder_.counts().dropped_error, 1u);
}

TEST_F(EventRecorderTest, AnEventThatIsThereAfterALostAnswerIsWritten) {
  transport_.Once("POST", Unanswered());
  transport_.Once("POST", StatusReply(409, "AlreadyExists"));
  recorder_.Record(Failed());
  loop_.Advance(seconds(10));
  EXPECT_EQ(recorder_.counts().written, 1u);
  EXPECT_EQ(transport_.requests()[0], transport_.requests()[1]);
}

TEST_F(EventRecorderTest, ARefusedEventIsLetGo) {
  transport_.Once("POST", StatusReply(403, "Forbidden"));
  transport_.Once("POST", {.status = 201});
  recorder_.Record(Failed("one"));
  recorder_.Record(Failed("two"));
  loop_.RunUntilIdle();
  EXPECT_EQ(recorder_.counts().dropped_error, 1u);
  EXPECT_EQ(recorder_.counts().written, 1u);
}

TEST_F(EventRecorderTest, OneAtATimeAndNoMoreThanTheQueueHolds) {
  transport_.Always("POST", {.status = 201, .after = seconds(1)});
  for (int i = 0; i < 5; ++i) recorder_.Record(Failed(std::to_string(i)));
  EXPECT_EQ(transport_.open(), 1);
  loop_.Advance(seconds(10));
  EXPECT_THAT(transport_.requests(), SizeIs(3));
  EXPECT_EQ(recorder_.counts().dropped_full, 2u);
}

TEST_F(EventRecorderTest, AWrongNameHoldsNothingUp) {
  transport_.Once("POST", {.status = 201});
  Event wrong = Failed();
  wrong.regarding.key.ns = "../x";
  recorder_.Record(wrong);
  recorder_.Record(Failed());
  loop_.RunUntilIdle();
  EXPECT_EQ(recorder_.counts().dropped_error, 1u);
  EXPECT_EQ(recorder_.counts().written, 1u);
}

TEST(Event, ALongNoteIsCutBetweenCharacters) {
  Event event{.note = std::string(1023, 'x') + "\xc3\xa9\xc3\xa9"};
  json::Value object = EventObject({"n", "e"}, event, {}, {});
  EXPECT_EQ(object["note"].AsString(), std::string(1023, 'x'));
}

TEST(Event, ALongNameLeavesRoomForTheHash) {
  Event event{.regarding = {.key = {"", std::string(253, 'x')}}};
  ObjectKey key = EventKey(event, Time(), 1);
  EXPECT_EQ(key.ns, "default");
  EXPECT_EQ(key.name.size(), 253u);
}

}  // namespace
}  // namespace coreflow::kube
