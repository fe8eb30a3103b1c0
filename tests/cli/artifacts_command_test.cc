// coreflow artifacts: what a run has left, and the way out of the store.
#include <gmock/gmock.h>

#include "pkg/base/hash.h"
#include "pkg/json/parse.h"
#include "tests/cli/cli_fixture.h"

namespace coreflow::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class ArtifactsTest : public CliTest {
 protected:
  void SetUp() override {
    Apply(
        "{apiVersion: coreflow.dev/v1alpha1, kind: Workflow, metadata: {name: w}, spec: {defaults: {image: busybox}, "
        "steps: [{name: train}, {name: part, forEach: {items: '[1, 2]'}}]}}");
    ASSERT_EQ(Coreflow("wait w").code, 0);
    Leave("w", "train", {{"model", "weights"}, {"$outputs", "{}"}});
  }
  // Without what only the first call has to say.
  void Prepare() { Coreflow("artifacts get w train model -o prepared"); }
  const json::Value Account() const {
    return Object("coreflow-reader", *apiserver::FindResource("", "v1", "serviceaccounts"));
  }
};

TEST_F(ArtifactsTest, OfARunAreListed) {
  EXPECT_EQ(Coreflow("artifacts list w -o name"), (Ran{.out = "train/$outputs\ntrain/model\n"}));
  EXPECT_EQ(Coreflow("artifacts list w train -o name"), Coreflow("artifacts list w -o name"));
  EXPECT_EQ(Coreflow("artifacts list w part"), (Ran{.err = "w/1 has left no artifacts\n"}));
  const Ran table = Coreflow("artifacts list w");
  EXPECT_THAT(table.out, StartsWith("STEP "));
  EXPECT_THAT(table.out, HasSubstr(" 7 "));
  EXPECT_THAT(table.out, HasSubstr("sha256:" + Sha256Hex("weights").substr(0, 12)));
  const auto list = json::Parse(Coreflow("artifacts list w -o json").out);
  ASSERT_TRUE(list.has_value());
  ASSERT_EQ(list->Elements().size(), 2u);
  EXPECT_EQ(list->Elements()[1], json::Value(json::Object{{"step", "train"},
                                                          {"name", "model"},
                                                          {"bytes", 7},
                                                          {"archive", "None"},
                                                          {"digest", "sha256:" + Sha256Hex("weights")}}));
  EXPECT_THAT(Coreflow("artifacts list w -o yaml").out, HasSubstr("name: model\n"));
}

TEST_F(ArtifactsTest, AreWrittenToAFileOfTheirNameOrAnother) {
  const Ran first = Coreflow("artifacts get w train model");
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.out, "model\n");
  EXPECT_EQ(made_.at("model"), "weights");
  EXPECT_EQ(Coreflow("artifacts get w train model -o other"), (Ran{.out = "other\n"}));
  EXPECT_EQ(made_.at("other"), "weights");
  EXPECT_EQ(Coreflow("artifacts get w train model -o -"), (Ran{.out = "weights"}));
  EXPECT_EQ(Coreflow("artifacts get w train $outputs"), (Ran{.out = "outputs\n"}));
}

TEST_F(ArtifactsTest, TheAccountIsMadeOnceAndHasNoToken) {
  EXPECT_TRUE(Account().IsNull());
  EXPECT_THAT(Coreflow("artifacts get w train model").err,
              StartsWith("serviceaccount/coreflow-reader created in namespace default"));
  EXPECT_EQ(Account()["automountServiceAccountToken"], json::Value(false));
  EXPECT_EQ(Coreflow("artifacts get w train model -o again"), (Ran{.out = "again\n"}));
}

TEST_F(ArtifactsTest, WhereNobodyAsksForATokenNoneIsMade) {
  terms_ = artifact::ReaderTerms::kNothing;
  EXPECT_EQ(Coreflow("artifacts get w train model -o -"), (Ran{.out = "weights"}));
  EXPECT_TRUE(Account().IsNull());
}

TEST_F(ArtifactsTest, NoFileIsReplacedUnlessAskedFor) {
  Prepare();
  files_["model"] = "mine";
  const Ran refused = Coreflow("artifacts get w train model");
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("model is there already"));
  EXPECT_FALSE(made_.contains("model"));
  EXPECT_EQ(Coreflow("artifacts get w train model --force"), (Ran{.out = "model\n"}));
  EXPECT_EQ(made_.at("model"), "weights");
}

TEST_F(ArtifactsTest, WhatIsPackedCanBeUnpacked) {
  Prepare();
  Leave("w", "part", {{"tree", "a tar archive"}}, "Tar");
  EXPECT_EQ(Coreflow("artifacts get w part tree --item=0 --unpack=out"), (Ran{.out = "out\n"}));
  EXPECT_EQ(made_.at("out"), "a tar archive");
  EXPECT_EQ(Coreflow("artifacts get w part tree --item=0"), (Ran{.out = "tree.tar\n"}));
  EXPECT_EQ(Coreflow("artifacts get w train model --unpack=out"),
            (Ran{.code = 1, .err = "coreflow: model is one file and no archive: --output says where it goes\n"}));
}

TEST_F(ArtifactsTest, WhatIsNoZstdLeavesNothing) {
  Prepare();
  Leave("w", "part", {{"tree", "no zstd"}}, "TarZstd");
  EXPECT_EQ(Coreflow("artifacts get w part tree --item=0 --unpack=out").code, 1);
  EXPECT_FALSE(made_.contains("out"));
}

TEST_F(ArtifactsTest, OtherBytesThanWereKeptAreAnErrorAndNoFile) {
  Prepare();
  for (const std::string& bytes : {std::string("WEIGHTS"), std::string("weight"), std::string("weights and more")}) {
    (*kept_)["default/" + Sha256Hex("weights")] = bytes;
    const Ran ran = Coreflow("artifacts get w train model");
    EXPECT_EQ(ran.code, 1);
    EXPECT_EQ(ran.out, "");
    EXPECT_THAT(ran.err, HasSubstr("what came is not what was kept")) << bytes;
    EXPECT_FALSE(made_.contains("model"));
  }
}

TEST_F(ArtifactsTest, WhatIsNotThereIsSaidWithTheNearest) {
  EXPECT_EQ(Coreflow("artifacts get w train modle"),
            (Ran{.code = 6, .err = "coreflow: train has left no artifact modle; did you mean \"model\"?\n"}));
  EXPECT_EQ(Coreflow("artifacts get w trian model"),
            (Ran{.code = 6, .err = "coreflow: w has no step trian; did you mean \"train\"?\n"}));
  EXPECT_EQ(Coreflow("artifacts get w part model --item=1"),
            (Ran{.code = 6, .err = "coreflow: part[1] has left no artifact model; it has left none\n"}));
  EXPECT_EQ(Coreflow("artifacts get w part model --item=7").code, 6);
  EXPECT_EQ(Coreflow("artifacts get w part model"),
            (Ran{.code = 1, .err = "coreflow: step part has items, counted from 0: --item says which\n"}));
  EXPECT_EQ(Coreflow("artifacts get w train model --item=0"),
            (Ran{.code = 1, .err = "coreflow: step train has no items\n"}));
}

TEST_F(ArtifactsTest, ThatABlobIsGoneIsSaidByTheDataService) {
  Prepare();
  kept_->clear();
  EXPECT_EQ(Coreflow("artifacts get w train model"),
            (Ran{.code = 6, .err = "coreflow: this namespace has no such blob\n"}));
}

TEST_F(ArtifactsTest, WithoutAStoreThatIsSaid) {
  kept_.reset();
  const Ran ran = Coreflow("artifacts get w train model");
  EXPECT_EQ(ran.code, 6);
  EXPECT_THAT(ran.err, HasSubstr("there is no store to read from: CoreFlow in namespace coreflow-system"));
  EXPECT_TRUE(Account().IsNull());
}

TEST_F(ArtifactsTest, WhereNobodyReadsThatIsSaid) {
  terms_ = artifact::ReaderTerms::kNobody;
  const Ran ran = Coreflow("artifacts get w train model");
  EXPECT_EQ(ran.code, 7);
  EXPECT_THAT(ran.err, HasSubstr("lets nobody read its store"));
}

TEST_F(ArtifactsTest, WhichRightIsMissingIsSaid) {
  denied_ = "/services/";
  Ran ran = Coreflow("artifacts get w train model");
  EXPECT_EQ(ran.code, 7);
  EXPECT_THAT(ran.err, HasSubstr("you may not get services/proxy in namespace coreflow-system"));
  denied_ = "/serviceaccounts/coreflow-reader/token";
  ran = Coreflow("artifacts get w train model");
  EXPECT_EQ(ran.code, 7);
  EXPECT_THAT(ran.err, HasSubstr("you may not create serviceaccounts/token in namespace default"));
  denied_ = "/serviceaccounts?";
  ran = Coreflow("artifacts get w train model");
  EXPECT_EQ(ran.code, 7);
  EXPECT_THAT(ran.err, HasSubstr("kubectl create serviceaccount coreflow-reader -n default"));
}

TEST_F(ArtifactsTest, NoTokenIsShown) {
  Prepare();
  kept_->clear();
  const Ran ran = Coreflow("artifacts get w train model");
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("a.reader.token")));
}

TEST_F(ArtifactsTest, WrongUseIsTold) {
  EXPECT_EQ(Coreflow("artifacts lsit w"),
            (Ran{.code = 2, .err = "coreflow: there is no artifacts lsit; did you mean \"list\"?\n"}));
  EXPECT_EQ(Coreflow("artifacts list w --force").code, 2);
  EXPECT_EQ(Coreflow("artifacts list w -o wide").code, 2);
  EXPECT_EQ(Coreflow("artifacts list w train model").code, 2);
  EXPECT_EQ(Coreflow("artifacts get w train").code, 2);
  EXPECT_EQ(Coreflow("artifacts get w train model --unpack=a --force").code, 2);
}

}  // namespace
}  // namespace coreflow::cli
