#include "pkg/kube/informer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "pkg/kube/testing/scripted_transport.h"
#include "pkg/kube/typed_informer.h"
#include "pkg/reactor/virtual_loop.h"

namespace coreflow::kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A pod of uid "u<name>" whose phase is the object that the informer decodes; phase "bad" can't be decoded.
std::string Pod(const std::string& name, int version, const std::string& phase = "Running", std::string uid = "") {
  if (uid.empty()) uid = "u" + name;
  return R"({"metadata":{"namespace":"n","name":")" + name + R"(","uid":")" + uid + R"(","resourceVersion":")" +
         std::to_string(version) + R"("},"phase":")" + phase + R"("})";
}
std::string Frame(const std::string& type, const std::string& object) {
  return R"({"type":")" + type + R"(","object":)" + object + "}\n";
}
std::string Bookmark(int version) {
  return Frame("BOOKMARK", R"({"metadata":{"resourceVersion":")" + std::to_string(version) + R"("}})");
}
Reply Page(int version, const std::vector<std::string>& pods, const std::string& token = "") {
  std::string items;
  for (const std::string& pod : pods) items += (items.empty() ? "" : ",") + pod;
  return {.body = R"({"metadata":{"resourceVersion":")" + std::to_string(version) + R"(","continue":")" + token +
                  R"("},"items":[)" + items + "]}"};
}

// An informer of pods over a script. `told_` is what its handler heard: "+name@version phase", "-name@version",
// "?name@version trouble", "synced".
class InformerTest : public testing::Test {
 protected:
  InformerTest() { MakeInformer({}); }

  void MakeInformer(Selection selection, const json::Shape& shape = kObjectShape) {
    informer_ = std::make_unique<TypedInformer<std::string>>(
        loop_, client_,
        InformerOptions{.resource = kPods,
                        .selection = std::move(selection),
                        .shape = shape,
                        .random = [] { return 0.5; },
                        .on_trouble = [this](const ApiError& error) { trouble_.push_back(error.error.message); }},
        [](const json::Value& pod) -> Result<std::string> {
          std::string phase = pod["phase"].StringOr("");
          if (phase == "bad") return Error{Code::kInvalid, "no phase"};
          return phase;
        },
        TypedHandler<std::string>{
            .on_upsert =
                [this](const ObjectKey& key, const ObjectVersion& version,
                       const std::shared_ptr<const std::string>& phase) { Tell("+", key, version, " " + *phase); },
            .on_delete = [this](const ObjectKey& key, const ObjectVersion& version) { Tell("-", key, version, ""); },
            .on_synced =
                [this] {
                  told_.push_back("synced");
                  if (on_synced_) on_synced_();
                },
            .on_undecodable = [this](const ObjectKey& key, const ObjectVersion& version,
                                     const std::string& message) { Tell("?", key, version, " " + message); }});
  }

  void Tell(const char* what, const ObjectKey& key, const ObjectVersion& version, const std::string& more) {
    std::ostringstream out;
    out << what << key.name << '@' << version.resource_version << more;
    if (version.uid != "u" + key.name) out << " of " << version.uid;
    told_.push_back(out.str());
    if (on_told_) on_told_();
  }
  std::vector<std::string> TakeTold() { return std::exchange(told_, {}); }

  // The first list has these pods at version 10, and the watch is open.
  void Sync(const std::vector<std::string>& pods = {Pod("a", 1), Pod("b", 2)}) {
    transport_.Once("limit=500", Page(10, pods));
    transport_.Once("watch=true", {});
    informer_->Start();
    loop_.RunUntilIdle();
    ASSERT_TRUE(informer_->informer().synced());
    TakeTold();
    transport_.TakeSeen();
  }
  void Write(const std::string& bytes) {
    transport_.Write(bytes);
    loop_.RunUntilIdle();
  }

  reactor::VirtualLoop loop_;
  ScriptedTransport transport_{loop_};
  Client client_{loop_, transport_};
  std::vector<std::string> told_;
  std::vector<std::string> trouble_;
  std::function<void()> on_told_;
  std::function<void()> on_synced_;
  std::unique_ptr<TypedInformer<std::string>> informer_;
};

TEST_F(InformerTest, ListsInPagesThenWatches) {
  transport_.Once("GET /api/v1/pods?limit=500", Page(10, {Pod("a", 1)}, "t1"));
  transport_.Once("GET /api/v1/pods?limit=500&continue=t1", Page(10, {Pod("b", 2)}));
  transport_.Once("watch=true", {});
  informer_->Start();
  loop_.RunUntilIdle();
  EXPECT_THAT(told_, ElementsAre("+a@1 Running", "+b@2 Running", "synced"));
  EXPECT_THAT(transport_.TakeSeen(),
              ElementsAre("GET /api/v1/pods?limit=500", "GET /api/v1/pods?limit=500&continue=t1",
                          "GET /api/v1/pods?watch=true&allowWatchBookmarks=true&resourceVersion=10"
                          "&timeoutSeconds=450"));
  EXPECT_EQ(informer_->informer().size(), 2u);
  EXPECT_EQ(informer_->informer().resource_version(), "10");
}

TEST_F(InformerTest, SelectsByNamespaceAndLabels) {
  MakeInformer({.ns = "n", .labels = "a=b", .fields = "c=d"});
  transport_.Once("namespaces/n/pods?labelSelector=a%3Db&fieldSelector=c%3Dd&limit", Page(10, {}));
  transport_.Once("namespaces/n/pods?watch=true&labelSelector=a%3Db&fieldSelector=c%3Dd&allow", {});
  informer_->Start();
  loop_.RunUntilIdle();
  EXPECT_THAT(told_, ElementsAre("synced"));
}

TEST_F(InformerTest, TellsWhatTheWatchShows) {
  Sync();
  Write(Frame("ADDED", Pod("c", 11)) + Frame("MODIFIED", Pod("a", 12, "Done")) + Frame("DELETED", Pod("b", 13)));
  EXPECT_THAT(told_, ElementsAre("+c@11 Running", "+a@12 Done", "-b@13"));
  EXPECT_EQ(informer_->informer().resource_version(), "13");
  EXPECT_EQ(informer_->informer().size(), 2u);
}

TEST_F(InformerTest, DecodesWhatOfAnObjectIsAskedFor) {
  static constexpr json::Shape kWithoutPhase[] = {{"phase", json::Shape::Read::kNothing}};
  MakeInformer({}, {.members = kWithoutPhase});
  transport_.Once("limit=500", Page(10, {Pod("a", 1)}));
  transport_.Once("watch=true", {});
  informer_->Start();
  loop_.RunUntilIdle();
  Write(Frame("ADDED", Pod("c", 11)));
  EXPECT_THAT(told_, ElementsAre("+a@1 ", "synced", "+c@11 "));
}

TEST_F(InformerTest, TellsNothingTwice) {
  Sync();
  Write(Frame("ADDED", Pod("c", 11)) + Frame("ADDED", Pod("c", 11)) + Frame("DELETED", Pod("c", 12)) +
        Frame("DELETED", Pod("c", 12)));
  EXPECT_THAT(told_, ElementsAre("+c@11 Running", "-c@12"));
}

TEST_F(InformerTest, AnObjectMadeAgainUnderItsNameIsADeleteFirst) {
  Sync();
  Write(Frame("MODIFIED", Pod("a", 12, "Running", "other")));
  EXPECT_THAT(told_, ElementsAre("-a@1", "+a@12 Running of other"));
}

TEST_F(InformerTest, ADeletionOfAnObjectItNeverSawTakesTheOneOfThatName) {
  Sync();
  Write(Frame("DELETED", Pod("a", 14, "Running", "other")));
  EXPECT_THAT(told_, ElementsAre("-a@14"));
}

TEST_F(InformerTest, FramesThatGoBackAreDropped) {
  Sync();
  Write(Bookmark(20) + Frame("MODIFIED", Pod("a", 15, "Old")) + Bookmark(19) + Frame("DELETED", Pod("b", 9)));
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_EQ(informer_->informer().resource_version(), "20");
  EXPECT_EQ(informer_->informer().counts().frames_backwards, 3u);
  Write(Frame("MODIFIED", Pod("a", 21, "New")));
  EXPECT_THAT(told_, ElementsAre("+a@21 New"));
}

TEST_F(InformerTest, AGoodEndResumesFromTheLastVersionWithoutAList) {
  Sync();
  Write(Bookmark(33));
  loop_.Advance(minutes(1));
  transport_.Once("resourceVersion=33", {});
  transport_.EndStream();
  loop_.RunUntilIdle();
  EXPECT_EQ(transport_.TakeSeen().size(), 1u);
  Write(Frame("ADDED", Pod("c", 34)));
  EXPECT_THAT(told_, ElementsAre("+c@34 Running"));
  EXPECT_EQ(informer_->informer().counts().lists, 1u);
}

TEST_F(InformerTest, SilenceIsADeadConnection) {
  Sync();
  loop_.Advance(seconds(100));
  Write(Bookmark(11));
  loop_.Advance(seconds(149));
  EXPECT_THAT(trouble_, IsEmpty());
  transport_.Once("resourceVersion=11", {});
  loop_.Advance(seconds(1) + milliseconds(1200));
  EXPECT_THAT(trouble_, ElementsAre("nothing heard for too long"));
  EXPECT_TRUE(transport_.streaming());
}

TEST_F(InformerTest, AnExpiredVersionListsAgainAndTellsWhatIsMissing) {
  Sync();
  transport_.Once("limit=500", Page(50, {Pod("b", 2), Pod("c", 40)}));
  transport_.Once("resourceVersion=50", {});
  Write(Bookmark(11) + Frame("ERROR", R"({"kind":"Status","code":410,"reason":"Expired","message":"too old"})") +
        Frame("ADDED", Pod("x", 12)));
  EXPECT_THAT(told_, ElementsAre("+c@40 Running", "-a@1"));
  EXPECT_THAT(trouble_, ElementsAre("too old"));
  EXPECT_TRUE(transport_.streaming());
  Write(Frame("DELETED", Pod("c", 51)));
  EXPECT_THAT(told_, ElementsAre("+c@40 Running", "-a@1", "-c@51"));
}

TEST_F(InformerTest, AWatchRefusedAsExpiredListsAfterAWait) {
  transport_.Once("limit=500", Page(10, {Pod("a", 1)}));
  transport_.Once("watch=true", StatusReply(410, "Expired", "too old"));
  informer_->Start();
  loop_.RunUntilIdle();
  transport_.TakeSeen();
  transport_.Once("limit=500", Page(20, {Pod("a", 1)}));
  transport_.Once("resourceVersion=20", {});
  loop_.Advance(milliseconds(1199));
  EXPECT_THAT(transport_.TakeSeen(), IsEmpty());
  loop_.Advance(milliseconds(1));
  EXPECT_TRUE(transport_.streaming());
  EXPECT_THAT(told_, ElementsAre("+a@1 Running", "synced"));  // synced is told once
}

TEST_F(InformerTest, AnExpiredTokenListsTheWholeAtOnce) {
  transport_.Once("limit=500", Page(10, {Pod("a", 1), Pod("b", 2)}, "t1"));
  transport_.Once("continue=t1", StatusReply(410, "Expired"));
  transport_.Once("GET /api/v1/pods", Page(20, {Pod("b", 2), Pod("c", 15)}));
  transport_.Once("resourceVersion=20", {});
  informer_->Start();
  loop_.RunUntilIdle();
  EXPECT_THAT(told_, ElementsAre("+a@1 Running", "+b@2 Running", "+c@15 Running", "-a@1", "synced"));
  EXPECT_EQ(transport_.TakeSeen()[2], "GET /api/v1/pods");
}

TEST_F(InformerTest, BacksOffWhileTheServerIsAway) {
  transport_.Always("limit=500", Unanswered());
  informer_->Start();
  loop_.Advance(minutes(10));
  // 1.2 s, 2.4, 4.8, 9.6, 19.2, 38.4 and 45 s from then on.
  EXPECT_THAT(transport_.requests().size(), testing::AllOf(testing::Ge(17u), testing::Le(19u)));
  EXPECT_FALSE(informer_->informer().synced());
}

TEST_F(InformerTest, AListThatIsCutTellsNoDeletes) {
  Sync();
  transport_.Once("limit=500", {.body = R"({"metadata":{"resourceVersion":"50"},"items":[)" + Pod("a", 1)});
  informer_->informer().Relist();
  loop_.RunUntilIdle();
  EXPECT_THAT(told_, IsEmpty());
  EXPECT_EQ(trouble_.size(), 1u);
}

TEST_F(InformerTest, ARelistTellsOnlyDifferences) {
  Sync();
  transport_.Once("limit=500", Page(50, {Pod("a", 1), Pod("b", 45, "Done")}));
  transport_.Once("resourceVersion=50", {});
  informer_->informer().Relist();
  EXPECT_FALSE(informer_->informer().resource_version().empty());
  loop_.RunUntilIdle();
  EXPECT_THAT(told_, ElementsAre("+b@45 Done"));
  EXPECT_THAT(trouble_, IsEmpty());
}

TEST_F(InformerTest, AnObjectThatCantBeReadStopsNothing) {
  std::string deep = std::string(300, '[') + std::string(300, ']');
  std::string poison = R"({"metadata":{"namespace":"n","name":"p","uid":"up","resourceVersion":"3"},"x":)" + deep + "}";
  transport_.Once("limit=500", Page(10, {Pod("a", 1, "bad"), poison, Pod("c", 2)}));
  transport_.Once("watch=true", {});
  informer_->Start();
  loop_.RunUntilIdle();
  EXPECT_THAT(TakeTold(), ElementsAre("?a@1 no phase", HasSubstr("?p@3 "), "+c@2 Running", "synced"));
  Write(Frame("MODIFIED", Pod("c", 11, "bad")) + "garbage\n" + Frame("MODIFIED", Pod("a", 12, "Good")) +
        Frame("DELETED", poison));
  EXPECT_THAT(TakeTold(), ElementsAre("?c@11 no phase", "+a@12 Good"));  // the deletion is older than the list
  EXPECT_EQ(informer_->informer().counts().undecodable, 3u);
  EXPECT_EQ(informer_->informer().counts().frames_unknown, 1u);
}

TEST_F(InformerTest, AnObjectThatCantBeReadIsNotDeletedByAListButWhenItGoes) {
  Sync({Pod("a", 1, "bad")});
  transport_.Once("limit=500", Page(50, {Pod("a", 1, "bad")}));
  transport_.Once("resourceVersion=50", {});
  informer_->informer().Relist();
  loop_.RunUntilIdle();
  EXPECT_THAT(told_, IsEmpty());
  Write(Frame("DELETED", Pod("a", 51, "bad")));
  EXPECT_THAT(told_, ElementsAre("-a@51"));
}

TEST_F(InformerTest, MayBeDestroyedByItsHandler) {
  for (const char* when : {"list", "synced", "frame"}) {
    told_.clear();
    MakeInformer({});
    transport_.Once("limit=500", Page(10, {Pod("a", 1), Pod("b", 2)}));
    if (when == std::string("list")) on_told_ = [this] { informer_.reset(); };
    if (when == std::string("synced")) on_synced_ = [this] { informer_.reset(); };
    if (when == std::string("frame")) transport_.Once("watch=true", {});
    informer_->Start();
    loop_.RunUntilIdle();
    if (informer_) {
      told_.clear();
      on_told_ = [this] { informer_.reset(); };
      Write(Frame("ADDED", Pod("c", 11)) + Frame("ADDED", Pod("d", 12)));
      EXPECT_FALSE(transport_.streaming());
      EXPECT_EQ(told_.size(), 1u);
    }
    EXPECT_EQ(informer_, nullptr) << when;
    on_told_ = {};
    on_synced_ = {};
  }
}

TEST_F(InformerTest, AWrongSelectionIsReportedAndTriedAgain) {
  MakeInformer({.ns = "../x"});
  informer_->Start();
  loop_.Advance(seconds(2));
  EXPECT_THAT(trouble_, ElementsAre(R"("../x" can't be a namespace)", R"("../x" can't be a namespace)"));
}

TEST_F(InformerTest, OneInformerCanStartTheNext) {
  transport_.Once("pods?limit=500", Page(10, {}));
  transport_.Once("pods?watch", {});
  transport_.Once("jobs?limit=500", Page(11, {}));
  transport_.Once("jobs?watch", {});
  bool second = false;
  TypedInformer<std::string> jobs(
      loop_, client_, InformerOptions{.resource = kJobs, .random = [] { return 0.0; }},
      [](const json::Value&) -> Result<std::string> { return std::string(); },
      TypedHandler<std::string>{.on_synced = [&] { second = true; }});
  on_synced_ = [&] { jobs.Start(); };
  informer_->Start();
  loop_.RunUntilIdle();
  EXPECT_TRUE(second);
  EXPECT_THAT(transport_.TakeSeen()[1], HasSubstr("coreflow.dev/v1alpha1/jobs?limit"));
}

}  // namespace
}  // namespace coreflow::kube
