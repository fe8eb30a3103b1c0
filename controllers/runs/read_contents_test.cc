#include "controllers/runs/read_contents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pkg/apiserver/resource.h"
#include "pkg/cache/content_digest.h"
#include "pkg/json/parse.h"
#include "pkg/reactor/virtual_loop.h"
#include "pkg/simulation/cluster.h"

namespace coreflow::runs {
namespace {

using engine::Content;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const Content kPassword{.kind = Content::Kind::kSecret, .name = "db", .key = "password"};
const Content kDb{.kind = Content::Kind::kSecret, .name = "db"};
const Content kSettings{.kind = Content::Kind::kConfigMap, .name = "settings"};
const Secret<std::string> kKey(std::string(64, 'k'));
constexpr char kGetDb[] = "GET /api/v1/namespaces/default/secrets/db";
constexpr char kCanary[] = "canary-5f0a";

// Notes what is sent, and may answer in the place of the API server.
class Listening : public http::Transport {
 public:
  Listening(Loop& loop, http::Transport& server) : loop_(loop), server_(server) {}
  std::shared_ptr<http::Cancel> Send(http::Request request, std::chrono::milliseconds deadline,
                                     Completion done) override {
    sent.push_back(request.method + " " + request.target);
    if (!instead) return server_.Send(std::move(request), deadline, std::move(done));
    loop_.Post([done = std::move(done), answer = *instead] { done(answer); });
    return std::make_shared<NothingToCancel>();
  }
  std::shared_ptr<http::Cancel> Stream(http::Request request, std::chrono::milliseconds idle,
                                       std::shared_ptr<http::Sink> sink, StreamEnd end) override {
    sent.push_back("stream " + request.target);
    return server_.Stream(std::move(request), idle, std::move(sink), std::move(end));
  }

  std::vector<std::string> sent;
  std::optional<http::Response> instead;

 private:
  struct NothingToCancel : http::Cancel {
    void Now() override {}
  };
  Loop& loop_;
  http::Transport& server_;
};

class ReadContentsTest : public testing::Test {
 protected:
  void Make(const apiserver::Resource& resource, const std::string& object) {
    ASSERT_TRUE(cluster_.Create(resource, "default", *json::Parse(object)));
  }
  void MakeDb() {
    Make(apiserver::Secrets(), R"({"metadata":{"name":"db"},"data":{"password":"c2VjcmV0","user":"dQ=="}})");
  }
  void Ask(const std::string& as, const Content& content) {
    contents_->Find("default", content,
                    [this, as](const Result<std::string>& digest) { found_.insert_or_assign(as, digest); });
  }
  const Result<std::string>& Find(const Content& content) {
    Ask("it", content);
    loop_.Advance(std::chrono::seconds(1));
    return found_.at("it");
  }
  void MayRead(bool secrets, bool config_maps) {
    contents_ = std::make_unique<ReadContents>(
        loop_, client_, ReadContents::Options{.secrets = secrets, .config_maps = config_maps, .key = kKey});
  }

  reactor::VirtualLoop loop_;
  simulation::Cluster cluster_{loop_};
  std::unique_ptr<simulation::FaultyTransport> server_ = cluster_.Connect();
  Listening transport_{loop_, *server_};
  kube::Client client_{loop_, transport_};
  std::unique_ptr<ReadContents> contents_ = std::make_unique<ReadContents>(
      loop_, client_, ReadContents::Options{.secrets = true, .config_maps = true, .key = kKey});
  std::map<std::string, Result<std::string>> found_;
};

TEST_F(ReadContentsTest, GivesTheDigestOfWhatIsThere) {
  MakeDb();
  Make(apiserver::ConfigMaps(), R"({"metadata":{"name":"settings"},"data":{"a":"b"},"binaryData":{"c":"ZA=="}})");
  const auto is = [this](const Content& content, const apiserver::Resource& resource) {
    return cache::DigestOfContent(kKey, "default", content, cluster_.Get(resource, "default", content.name));
  };
  EXPECT_EQ(Find(kPassword).value(), is(kPassword, apiserver::Secrets()));
  EXPECT_EQ(Find(kDb).value(), is(kDb, apiserver::Secrets()));
  EXPECT_EQ(Find(kSettings).value(), is(kSettings, apiserver::ConfigMaps()));
  EXPECT_THAT(transport_.sent, ElementsAre(kGetDb, kGetDb, "GET /api/v1/namespaces/default/configmaps/settings"));
}

TEST_F(ReadContentsTest, SaysWhatIsNotThere) {
  EXPECT_EQ(Find(kPassword).value(), cache::kAbsent);
  EXPECT_EQ(Find(kSettings).value(), cache::kAbsent);
  Make(apiserver::Secrets(), R"({"metadata":{"name":"db"},"data":{"user":"dQ=="}})");
  EXPECT_EQ(Find(kPassword).value(), cache::kAbsent);
  EXPECT_NE(Find(kDb).value(), cache::kAbsent);
}

TEST_F(ReadContentsTest, WhoAsksAtTheSameTimeSharesARequest) {
  MakeDb();
  for (const char* as : {"a", "b"}) Ask(as, kPassword);
  Ask("c", kDb);
  EXPECT_THAT(found_, IsEmpty());
  loop_.Advance(std::chrono::seconds(1));
  EXPECT_THAT(transport_.sent, ElementsAre(kGetDb));
  EXPECT_EQ(found_.at("a").value(), found_.at("b").value());
  EXPECT_NE(found_.at("a").value(), found_.at("c").value());
}

TEST_F(ReadContentsTest, WhoAsksLaterIsGivenNothingOlder) {
  MakeDb();
  const std::string before = Find(kPassword).value();
  Ask("a", kPassword);
  loop_.RunUntilIdle();
  ASSERT_THAT(transport_.sent, ElementsAre(kGetDb, kGetDb));  // and no answer yet
  ASSERT_TRUE(
      cluster_.MergePatch(apiserver::Secrets(), "default", "db", *json::Parse(R"({"data":{"password":"bmV3"}})")));
  for (const char* as : {"b", "c"}) Ask(as, kPassword);
  loop_.Advance(std::chrono::seconds(1));
  EXPECT_THAT(transport_.sent, ElementsAre(kGetDb, kGetDb, kGetDb));
  EXPECT_NE(found_.at("b").value(), before);
  EXPECT_EQ(found_.at("c").value(), found_.at("b").value());
}

TEST_F(ReadContentsTest, WhatItWasNotToldToReadIsNotAskedFor) {
  MakeDb();
  MayRead(false, true);
  EXPECT_EQ(Find(kPassword).error().message,
            "Secret db may not be read here: CoreFlow was not told to (chart value cache.readSecrets)");
  MayRead(true, false);
  EXPECT_EQ(Find(kSettings).error().message,
            "ConfigMap settings may not be read here: CoreFlow was not told to (chart value cache.readConfigMaps)");
  EXPECT_THAT(transport_.sent, IsEmpty());
}

TEST_F(ReadContentsTest, ByDefaultNothingIsRead) {
  contents_ = std::make_unique<ReadContents>(loop_, client_, ReadContents::Options());
  EXPECT_EQ(Find(kDb).error().code, Code::kForbidden);
  EXPECT_EQ(Find(kSettings).error().code, Code::kForbidden);
  EXPECT_THAT(transport_.sent, IsEmpty());
}

TEST_F(ReadContentsTest, SaysWhatToDoWithoutTheRight) {
  transport_.instead = http::Response{
      .status = 403, .body = R"({"kind":"Status","reason":"Forbidden","message":"secrets \"db\" is forbidden"})"};
  EXPECT_EQ(Find(kDb).error().message,
            "Secret db may not be read here: CoreFlow has no right to get it (chart value cache.readSecrets)");
}

TEST_F(ReadContentsTest, NoErrorShowsWhatWasRead) {
  for (const int status : {200, 400, 500}) {
    transport_.instead =
        http::Response{.status = status, .body = R"({"message":")" + std::string(kCanary) + R"(","data":)"};
    const auto& found = Find(kDb);
    ASSERT_FALSE(found.has_value()) << status;
    EXPECT_THAT(found.error().message, HasSubstr("Secret db could not be read")) << status;
    EXPECT_THAT(found.error().message, Not(HasSubstr(kCanary))) << status;
  }
}

TEST_F(ReadContentsTest, AfterAFailureItIsAskedForAgain) {
  MakeDb();
  transport_.instead = http::Response{.status = 400, .body = "{}"};
  EXPECT_FALSE(Find(kDb).has_value());
  transport_.instead.reset();
  EXPECT_TRUE(Find(kDb).has_value());
}

TEST_F(ReadContentsTest, OneThatIsGoneAnswersNobody) {
  MakeDb();
  Ask("a", kDb);
  contents_.reset();
  loop_.Advance(std::chrono::seconds(1));
  MayRead(true, true);
  Ask("b", kDb);
  loop_.RunUntilIdle();
  contents_.reset();
  loop_.Advance(std::chrono::seconds(30));
  EXPECT_THAT(found_, IsEmpty());
}

}  // namespace
}  // namespace coreflow::runs
