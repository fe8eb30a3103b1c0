#include "operator/dev/pod_logs.h"

#include <gtest/gtest.h>

#include <mutex>

#include "pkg/apiserver/object.h"
#include "pkg/apiserver/registry.h"
#include "pkg/apiserver/test_folder.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "pkg/reactor/event_loop.h"
#include "pkg/reactor/run_until.h"
#include "pkg/runner/process_runtime.h"

namespace coreflow::dev {
namespace {

using apiserver::Pods;

// "STATUS text", with "…" while more may come.
class Recorder : public http::Reply {
 public:
  void Send(http::Response response) override {
    seen_ = std::to_string(response.status) + " " + response.body;
    ended_ = true;
  }
  void Begin(http::Response head) override { seen_ = std::to_string(head.status) + " "; }
  void Write(std::string bytes) override {
    EXPECT_FALSE(ended_);
    seen_ += bytes;
  }
  void End() override { ended_ = true; }
  void OnTaken(std::function<void()> taken) override { taken(); }
  void OnGone(std::function<void()> gone) override { gone_ = std::move(gone); }

  std::string Seen() const { return seen_ + (ended_ ? "" : "…"); }
  bool ended() const { return ended_; }
  void Go() { gone_(); }

 private:
  std::string seen_;
  bool ended_ = false;
  std::function<void()> gone_;
};

class PodLogsTest : public testing::Test {
 protected:
  PodLogsTest() { Create(apiserver::Namespaces(), "", R"({"metadata": {"name": "ci"}})"); }

  void Create(const apiserver::Resource& resource, const std::string& ns, const std::string& text) {
    const auto object = json::Parse(text);
    ASSERT_TRUE(object.has_value()) << text;
    ASSERT_TRUE(registry.Create(resource, ns, *object, {.agent = "test"}).has_value());
  }
  static std::string Shell(const std::string& name, const std::string& script) {
    return R"({"name": ")" + name + R"(", "image": "x", "command": ["sh", "-c", )" + json::Write(script) + "]}";
  }
  void CreatePod(const std::string& containers, const std::string& init = "") {
    Create(Pods(), "ci",
           R"({"metadata": {"name": "p"}, "spec": {"restartPolicy": "Never", "initContainers": [)" + init +
               R"(], "containers": [)" + containers + "]}}");
  }
  // A pod that has written that and ended.
  void Written(const std::string& script) {
    CreatePod(Shell("main", script));
    Until([&] { return Phase() == "Succeeded"; });
  }
  // When its parts were written.
  void WriteTimes(const std::string& text) {
    const std::string uid = apiserver::UidOf(store.Get(Pods(), "ci/p")->object());
    folder.Write("pods/" + uid + "/main.log.times", text);
  }
  std::string Phase() const {
    const auto pod = store.Get(Pods(), "ci/p");
    return pod ? pod->object()["status"]["phase"].StringOr("") : "gone";
  }
  void Until(const std::function<bool()>& claim) { ASSERT_TRUE(reactor::RunUntil(loop, claim)) << "never came true"; }
  std::shared_ptr<Recorder> Ask(const std::string& query = "", const std::string& method = "GET") {
    auto reply = std::make_shared<Recorder>();
    EXPECT_TRUE(logs.Serve({.method = method, .target = "/api/v1/namespaces/ci/pods/p/log" + query}, reply));
    return reply;
  }
  bool Takes(const std::string& method, const std::string& target) {
    return logs.Serve({.method = method, .target = target}, std::make_shared<Recorder>());
  }

  apiserver::TestFolder folder;
  reactor::EventLoop loop;
  apiserver::Store store;
  apiserver::Registry registry{store, loop, 1};
  runner::LocalNode node{
      loop,
      registry,
      std::make_unique<runner::ProcessRuntime>(loop, runner::ProcessRuntime::Options{.isolated = false}),
      {.folder = folder / "pods"}};
  PodLogs logs{loop, store, [this](const auto& pod, const auto& container) { return node.LogOf(pod, container); }};
};

TEST_F(PodLogsTest, TakesOnlyRequestsForLogs) {
  EXPECT_TRUE(Takes("GET", "/api/v1/namespaces/ci/pods/p/log"));
  EXPECT_TRUE(Takes("GET", "/api/v1/namespaces/ci/pods/p/log?container=x"));
  EXPECT_FALSE(Takes("GET", "/api/v1/namespaces/ci/pods/p"));
  EXPECT_FALSE(Takes("POST", "/api/v1/namespaces/ci/pods/p/log"));
  EXPECT_FALSE(Takes("GET", "/api/v1/namespaces/ci/configmaps/p/log"));
  EXPECT_FALSE(Takes("GET", "/api/v1/namespaces/ci/pods/log"));  // a pod of that name
}

TEST_F(PodLogsTest, SendsAllThatThereIs) {
  Written("echo one; echo two >&2; printf end");
  EXPECT_EQ(Ask()->Seen(), "200 one\ntwo\nend");
}

TEST_F(PodLogsTest, SendsTheLastLines) {
  Written("printf 'one\\ntwo\\n\\nfour\\n'");
  EXPECT_EQ(Ask("?tailLines=0")->Seen(), "200 ");
  EXPECT_EQ(Ask("?tailLines=1")->Seen(), "200 four\n");
  EXPECT_EQ(Ask("?tailLines=2")->Seen(), "200 \nfour\n");
  EXPECT_EQ(Ask("?tailLines=3")->Seen(), "200 two\n\nfour\n");
  EXPECT_EQ(Ask("?tailLines=4")->Seen(), "200 one\ntwo\n\nfour\n");
  EXPECT_EQ(Ask("?tailLines=99")->Seen(), "200 one\ntwo\n\nfour\n");
}

TEST_F(PodLogsTest, ALastLineWithoutItsEndIsALine) {
  Written("printf 'one\\ntwo'");
  EXPECT_EQ(Ask("?tailLines=1")->Seen(), "200 two");
  EXPECT_EQ(Ask("?tailLines=2")->Seen(), "200 one\ntwo");
}

TEST_F(PodLogsTest, SendsAtMostSoManyBytes) {
  Written("echo hello");
  EXPECT_EQ(Ask("?limitBytes=3")->Seen(), "200 hel");
  EXPECT_EQ(Ask("?limitBytes=30")->Seen(), "200 hello\n");
  EXPECT_EQ(Ask("?follow=true&limitBytes=3")->Seen(), "200 hel");
}

TEST_F(PodLogsTest, FollowsUntilTheContainerHasEnded) {
  const std::string gate = folder / "gate";
  CreatePod(Shell("main", "echo one; until [ -e " + gate + " ]; do sleep 0.02; done; echo two; seq 1000 | tail -n 1"));
  Until([&] { return Phase() == "Running" && Ask()->Seen() == "200 one\n"; });
  const auto reply = Ask("?follow=true");
  const auto tail = Ask("?follow=true&tailLines=0");
  EXPECT_EQ(reply->Seen(), "200 one\n…");
  EXPECT_EQ(tail->Seen(), "200 …");
  folder.Write("gate", "");
  Until([&] { return reply->ended() && tail->ended(); });
  EXPECT_EQ(reply->Seen(), "200 one\ntwo\n1000\n");
  EXPECT_EQ(tail->Seen(), "200 two\n1000\n");
}

TEST_F(PodLogsTest, FollowingAnEndedContainerEndsAtOnce) {
  Written("echo one");
  EXPECT_EQ(Ask("?follow=true")->Seen(), "200 one\n");
}

TEST_F(PodLogsTest, WritesNothingToAFollowerThatHasGone) {
  const std::string gate = folder / "gate";
  CreatePod(Shell("main", "echo one; until [ -e " + gate + " ]; do sleep 0.02; done; echo two"));
  Until([&] { return Ask()->Seen() == "200 one\n"; });
  const auto gone = Ask("?follow=true");
  const auto stays = Ask("?follow=true");
  gone->Go();
  folder.Write("gate", "");
  Until([&] { return stays->ended(); });
  EXPECT_EQ(gone->Seen(), "200 one\n…");
}

TEST_F(PodLogsTest, ADeletedPodEndsItsFollowers) {
  CreatePod(Shell("main", "echo one; sleep 60"));
  Until([&] { return Ask()->Seen() == "200 one\n"; });
  const auto reply = Ask("?follow=true");
  ASSERT_TRUE(registry.Delete(Pods(), "ci", "p", {.grace_period_seconds = 0}, {.agent = "test"}).has_value());
  Until([&] { return reply->ended(); });
  EXPECT_EQ(reply->Seen(), "200 one\n");
}

TEST_F(PodLogsTest, OfSeveralContainersOneMustBeNamed) {
  CreatePod(Shell("a", "echo of a") + "," + Shell("b", "echo of b"), Shell("first", "echo of first"));
  Until([&] { return Phase() == "Succeeded"; });
  EXPECT_NE(Ask()->Seen().find("a container name must be specified for pod p, choose one of: [first a b]"),
            std::string::npos)
      << Ask()->Seen();
  EXPECT_EQ(Ask("?container=a")->Seen(), "200 of a\n");
  EXPECT_EQ(Ask("?container=b")->Seen(), "200 of b\n");
  EXPECT_EQ(Ask("?container=first")->Seen(), "200 of first\n");
  EXPECT_NE(Ask("?container=c")->Seen().find("container c is not valid for pod p"), std::string::npos);
}

TEST_F(PodLogsTest, AContainerThatHasNotStartedIsWaiting) {
  CreatePod(R"({"name": "main", "image": "no-command"})");
  const auto reply = Ask();
  EXPECT_TRUE(reply->Seen().starts_with("400 ")) << reply->Seen();
  EXPECT_NE(reply->Seen().find(R"(container \"main\" in pod \"p\" is waiting to start: ContainerCreating)"),
            std::string::npos)
      << reply->Seen();
}

TEST_F(PodLogsTest, APodThatIsNotThereIsNotFound) { EXPECT_TRUE(Ask()->Seen().starts_with("404 ")); }

// Each in a line of its own, at the times that the file beside the log says.
constexpr char kTimes[] =
    "4 2020-01-01T00:00:01.000000Z\n8 2020-01-01T00:00:02.500000Z\n14 2020-01-01T00:00:03.000000Z\n";

TEST_F(PodLogsTest, LinesHaveTimes) {
  Written("printf 'one\\ntwo\\nthree\\nfo'");
  WriteTimes(kTimes + std::string("16 2020-01-01T00:00:04.000000Z\n"));
  EXPECT_EQ(Ask("?timestamps=true")->Seen(),
            "200 2020-01-01T00:00:01.000000Z one\n2020-01-01T00:00:02.500000Z two\n"
            "2020-01-01T00:00:03.000000Z three\n2020-01-01T00:00:04.000000Z fo");
  EXPECT_EQ(Ask("?timestamps=true&tailLines=1")->Seen(), "200 2020-01-01T00:00:04.000000Z fo");
  EXPECT_EQ(Ask("?timestamps=true&limitBytes=29")->Seen(), "200 2020-01-01T00:00:01.000000Z o");
}

TEST_F(PodLogsTest, SendsLinesSinceATime) {
  Written("printf 'one\\ntwo\\nthree\\n'");
  WriteTimes(kTimes);
  EXPECT_EQ(Ask("?sinceTime=2020-01-01T00:00:00Z")->Seen(), "200 one\ntwo\nthree\n");
  EXPECT_EQ(Ask("?sinceTime=2020-01-01T00:00:02Z")->Seen(), "200 two\nthree\n");
  EXPECT_EQ(Ask("?sinceTime=2020-01-01T00:00:02Z&tailLines=1")->Seen(), "200 three\n");
  EXPECT_EQ(Ask("?sinceTime=2020-01-01T00:00:03Z")->Seen(), "200 three\n");
  EXPECT_EQ(Ask("?sinceTime=2020-01-01T00:00:09Z")->Seen(), "200 ");
  EXPECT_EQ(Ask("?sinceSeconds=1")->Seen(), "200 ");
}

TEST_F(PodLogsTest, ALineIsAsOldAsItsBeginning) {
  Written("printf 'one\\nand two\\nthree\\n'");
  WriteTimes("7 2020-01-01T00:00:01.000000Z\n18 2020-01-01T00:00:02.000000Z\n");
  EXPECT_EQ(Ask("?sinceTime=2020-01-01T00:00:02Z")->Seen(), "200 three\n");
}

TEST_F(PodLogsTest, WhatWasJustWrittenIsRecent) {
  Written("echo one");
  EXPECT_EQ(Ask("?sinceSeconds=600")->Seen(), "200 one\n");
  const std::string since = FormatTime(loop.Now() - std::chrono::seconds(60));
  EXPECT_GT(Ask("?timestamps=true")->Seen().substr(4), since);
}

TEST_F(PodLogsTest, FollowedLinesHaveTimesToo) {
  const std::string gate = folder / "gate";
  CreatePod(Shell("main", "printf 'one\\ntw'; until [ -e " + gate + " ]; do sleep 0.02; done; printf 'o\\nthree\\n'"));
  Until([&] { return Phase() == "Running" && Ask()->Seen() == "200 one\ntw"; });
  const auto reply = Ask("?follow=true&timestamps=true");
  folder.Write("gate", "");
  Until([&] { return reply->ended(); });
  std::string texts = reply->Seen().substr(4);
  for (size_t at = texts.find("20"); at != std::string::npos; at = texts.find("20")) texts.replace(at, 28, "@");
  EXPECT_EQ(texts, "@one\n@two\n@three\n");
}

TEST_F(PodLogsTest, SaysWhatItCantDo) {
  Written("echo one");
  EXPECT_TRUE(Ask("?previous=true")->Seen().starts_with("501 "));
  EXPECT_TRUE(Ask("?sinceTime=yesterday")->Seen().starts_with("400 "));
  EXPECT_TRUE(Ask("?sinceSeconds=0")->Seen().starts_with("400 "));
  EXPECT_TRUE(Ask("?sinceSeconds=5&sinceTime=2020-01-01T00:00:00Z")->Seen().starts_with("400 "));
  EXPECT_EQ(Ask("?previous=false&timestamps=false")->Seen(), "200 one\n");
}

}  // namespace
}  // namespace coreflow::dev
