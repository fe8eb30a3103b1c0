#include "pkg/runner/local_node.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "pkg/apiserver/object.h"
#include "pkg/apiserver/test_folder.h"
#include "pkg/base/base64.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "pkg/reactor/event_loop.h"
#include "pkg/reactor/run_until.h"
#include "pkg/runner/process_runtime.h"
#include "pkg/runner/test_podman.h"
#include "pkg/runner/tool_runtime.h"

namespace coreflow::runner {
namespace {

using apiserver::Pods;
using apiserver::TestFolder;

enum class Runtime { kIsolated, kPlain, kPodman };

class LocalNodeTest : public testing::TestWithParam<Runtime> {
 protected:
  LocalNodeTest() {
    Create(apiserver::Namespaces(), "", R"({"metadata": {"name": "ci"}})");
    StartNode();
  }

  static bool InPodman() { return GetParam() == Runtime::kPodman; }
  std::unique_ptr<ContainerRuntime> MakeRuntime() {
    if (InPodman()) {
      static const TestPodman podman;
      EXPECT_EQ(podman.Trouble(), "");
      auto opened = ToolRuntime::Open(loop, "podman");
      if (opened) return std::move(*opened);
      ADD_FAILURE() << opened.error().message;
    }
    ProcessRuntime::Options options{.isolated = GetParam() == Runtime::kIsolated,
                                    .note = [this](const std::string& text) { notes += text + "\n"; }};
    if (options.isolated) options.images = {{"unpacked:*", folder.Folder("image")}};
    return std::make_unique<ProcessRuntime>(loop, std::move(options));
  }
  void StartNode() {
    node = std::make_unique<LocalNode>(
        loop, registry, MakeRuntime(),
        LocalNode::Options{.folder = folder / "pods", .host_paths = {{folder.path(), "/usr"}}});
  }
  void Create(const apiserver::Resource& resource, const std::string& ns, const std::string& text) {
    const auto object = json::Parse(text);
    ASSERT_TRUE(object.has_value()) << text;
    const auto made = registry.Create(resource, ns, *object, {.agent = "test"});
    ASSERT_TRUE(made.has_value()) << made.failure().message;
  }
  // A pod `p` of that spec, without the braces.
  void CreatePod(const std::string& spec) {
    const std::string volume = R"("volumes": [{"name": "test", "hostPath": {"path": ")" + folder.path() + "\"}}], ";
    Create(Pods(), "ci",
           R"({"metadata": {"name": "p"}, "spec": {"restartPolicy": "Never", )" +
               (InPodman() && spec.find("\"volumes\"") == std::string::npos ? volume : "") + spec + "}}");
  }
  // An image with a shell, where images are run.
  static std::string Image() { return InPodman() ? kTestImage : "x"; }
  // A container that runs a script in a shell. It sees the test's folder.
  std::string Shell(const std::string& name, const std::string& script, const std::string& more = "",
                    const std::string& image = Image()) const {
    const std::string mount = R"(, "volumeMounts": [{"name": "test", "mountPath": ")" + folder.path() + "\"}]";
    return R"({"name": ")" + name + R"(", "image": ")" + image + R"(", "command": ["sh", "-c", )" +
           json::Write(script) + "]" + (InPodman() && more.find("volumeMounts") == std::string::npos ? mount : "") +
           more + "}";
  }
  void Delete(int64_t grace) {
    const auto deleted = registry.Delete(Pods(), "ci", "p", {.grace_period_seconds = grace}, {.agent = "test"});
    ASSERT_TRUE(deleted.has_value()) << deleted.failure().message;
  }
  json::Value Pod() const {
    const auto found = store.Get(Pods(), "ci/p");
    return found ? found->object() : json::Value();
  }
  std::string Phase() const { return Pod()["status"]["phase"].StringOr("gone"); }
  // "NAME=CODE REASON" of what has ended, or its waiting reason.
  std::string StateOf(const char* list, size_t at = 0) const {
    const auto& all = Pod()["status"][list].Elements();
    if (at >= all.size()) return "none";
    const json::Value& state = all[at]["state"];
    if (!state["waiting"].IsNull()) return "waiting " + state["waiting"]["reason"].StringOr("");
    if (!state["running"].IsNull()) return "running";
    const json::Value& ended = state["terminated"];
    return std::to_string(ended["exitCode"].IntOr(-1)) + " " + ended["reason"].StringOr("");
  }
  std::string Main(size_t at = 0) const { return StateOf("containerStatuses", at); }
  std::string Init(size_t at = 0) const { return StateOf("initContainerStatuses", at); }
  std::string Log(const std::string& container = "main") const {
    return folder.Read("pods/" + apiserver::UidOf(Pod()) + "/" + container + ".log");
  }

  void Until(const std::function<bool()>& claim) {
    ASSERT_TRUE(reactor::RunUntil(loop, claim)) << "never came true; " << json::Write(Pod()["status"]);
  }
  void UntilPhase(const std::string& phase) {
    Until([&] { return Phase() == phase; });
  }
  // Waits until it runs and has written that.
  void UntilItSays(const std::string& text, const std::string& container = "main") {
    Until([&] { return Log(container).find(text) != std::string::npos; });
  }

  TestFolder folder;
  reactor::EventLoop loop;
  apiserver::Store store;
  apiserver::Registry registry{store, loop, 1};
  std::string notes;
  std::unique_ptr<LocalNode> node;
};

TEST_P(LocalNodeTest, APodThatEndsWellHasSucceeded) {
  std::string phases;
  store.Observe([&](const apiserver::Change& change) {
    if (change.resource != &Pods() || !change.after) return;
    const std::string phase = change.after->object()["status"]["phase"].StringOr("");
    if (!phases.ends_with(phase)) phases += (phases.empty() ? "" : " ") + phase;
  });
  CreatePod(R"("containers": [)" + Shell("main", "echo hello") + "]");
  UntilPhase("Succeeded");
  EXPECT_EQ(phases, "Pending Running Succeeded");
  EXPECT_EQ(Main(), "0 Completed");
  EXPECT_EQ(Log(), "hello\n");
  EXPECT_EQ(Pod()["spec"]["nodeName"], json::Value("local"));
  EXPECT_EQ(Pod()["status"]["podIP"], json::Value("127.0.0.1"));
}

class ProcessNodeTest : public LocalNodeTest {};

TEST_P(ProcessNodeTest, AnImageThatIsIgnoredIsNotedOnce) {
  CreatePod(R"("containers": [)" + Shell("main", "true") + "," + Shell("other", "true") + "]");
  UntilPhase("Succeeded");
  EXPECT_EQ(notes, "image x is ignored: its containers run with this machine's files\n");
}

TEST_P(LocalNodeTest, APodThatEndsBadlyHasFailed) {
  CreatePod(R"("containers": [)" + Shell("main", "exit 3") + "," + Shell("other", "exit 0") + "]");
  UntilPhase("Failed");
  EXPECT_EQ(Main(0), "3 Error");
  EXPECT_EQ(Main(1), "0 Completed");
}

TEST_P(LocalNodeTest, APodOfAProgramThatIsNotThereHasFailedAsInARuntime) {
  CreatePod(R"("containers": [{"name": "main", "image": ")" + Image() +
            R"(", "command": ["no-such-program-anywhere"]}])");
  UntilPhase("Failed");
  EXPECT_EQ(Main(), "127 StartError");
  const json::Value ended = Pod()["status"]["containerStatuses"].Elements().at(0)["state"]["terminated"];
  EXPECT_NE(ended["message"].StringOr("").find("no-such-program-anywhere"), std::string::npos);
  EXPECT_EQ(Log(), "");
}

TEST_P(ProcessNodeTest, APodWithoutACommandWaitsAndSaysWhy) {
  CreatePod(R"("containers": [{"name": "main", "image": "busybox"}])");
  Until([&] { return Main() == "waiting CreateContainerConfigError"; });
  EXPECT_EQ(Phase(), "Pending");
  const json::Value waiting = Pod()["status"]["containerStatuses"].Elements().at(0)["state"]["waiting"];
  EXPECT_EQ(waiting["message"],
            json::Value("container main has no command: images are not run here, so that of busybox is not known"));
}

TEST_P(LocalNodeTest, TheLastWordsAreTheTerminationMessage) {
  const std::string path = GetParam() == Runtime::kPlain ? "$OUT" : "/dev/termination-log";
  CreatePod(R"("containers": [)" +
            Shell("main", "printf words=3 >" + path, R"(, "env": [{"name": "OUT", "value": "/dev/termination-log"}])") +
            "]");
  UntilPhase("Succeeded");
  const json::Value ended = Pod()["status"]["containerStatuses"].Elements().at(0)["state"]["terminated"];
  EXPECT_EQ(ended["message"], json::Value("words=3"));
}

TEST_P(LocalNodeTest, VariablesAndArgumentsAreAsThePodSays) {
  setenv("LANG", "xx_HOST", 1);
  Create(apiserver::ConfigMaps(), "ci",
         R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"COLOUR": "blue"}})");
  CreatePod(R"("containers": [{"name": "main", "image": ")" + Image() +
            R"(", "command": ["sh", "-c", "env | grep ^LANG; echo $0 $COLOUR $HOSTNAME"],
          "args": ["$(WORD)!"], "env": [{"name": "WORD", "value": "moin"}, {"name": "LANG", "value": "C.UTF-8"}],
          "envFrom": [{"configMapRef": {"name": "settings"}}]}])");
  UntilPhase("Succeeded");
  EXPECT_EQ(Log(), "LANG=C.UTF-8\nmoin! blue p\n") << "a variable of the pod wins over that of the machine";
}

TEST_P(LocalNodeTest, InitContainersRunOneAfterAnotherAndBeforeTheOthers) {
  const std::string order = folder / "order";
  CreatePod(R"("initContainers": [)" + Shell("first", "sleep 0.2; echo first >>" + order) + "," +
            Shell("second", "echo second >>" + order) + R"(], "containers": [)" +
            Shell("main", "echo main >>" + order) + "]");
  UntilPhase("Succeeded");
  EXPECT_EQ(folder.Read("order"), "first\nsecond\nmain\n");
  EXPECT_EQ(Init(0) + Init(1), "0 Completed0 Completed");
}

TEST_P(LocalNodeTest, AFailedInitContainerKeepsTheRestFromStarting) {
  const std::string order = folder / "order";
  CreatePod(R"("initContainers": [)" + Shell("first", "exit 4") + "," + Shell("second", "echo second >>" + order) +
            R"(], "containers": [)" + Shell("main", "echo main >>" + order) + "]");
  UntilPhase("Failed");
  EXPECT_EQ(Init(0), "4 Error");
  EXPECT_EQ(Main(), "waiting PodInitializing");
  EXPECT_EQ(folder.Read("order"), "");
}

TEST_P(LocalNodeTest, AnInitContainerThatCantStartKeepsTheRestFromStarting) {
  const std::string order = folder / "order";
  CreatePod(R"("initContainers": [{"name": "first", "image": ")" + Image() +
            R"(", "command": ["no-such-program-anywhere"]},)" + Shell("second", "echo second >>" + order) +
            R"(], "containers": [)" + Shell("main", "echo main >>" + order) + "]");
  UntilPhase("Failed");
  EXPECT_EQ(Init(0), "127 StartError");
  EXPECT_EQ(folder.Read("order"), "");
}

constexpr char kSidecar[] = R"(, "restartPolicy": "Always")";

TEST_P(LocalNodeTest, ASidecarEndsWhenTheMainContainerHas) {
  const std::string gate = folder / "gate";
  CreatePod(R"("initContainers": [)" +
            Shell("side", "trap 'echo asked; exit 0' TERM; echo up; while :; do sleep 0.02; done", kSidecar) +
            R"(], "containers": [)" + Shell("main", "until [ -e " + gate + " ]; do sleep 0.02; done") + "]");
  UntilItSays("up", "side");
  UntilPhase("Running");
  EXPECT_EQ(Init(), "running");
  folder.Write("gate", "");
  UntilPhase("Succeeded");
  EXPECT_TRUE(Log("side").ends_with("asked\n")) << Log("side");
}

TEST_P(LocalNodeTest, ASidecarThatFailsDoesNotEndThePod) {
  const std::string gate = folder / "gate";
  CreatePod(R"("initContainers": [)" + Shell("side", "exit 1", kSidecar) + R"(], "containers": [)" +
            Shell("main", "trap 'exit 9' TERM; echo up; until [ -e " + gate + " ]; do sleep 0.02; done") + "]");
  UntilItSays("up");
  Until([&, turns = 0]() mutable { return ++turns > 50; });
  folder.Write("gate", "");
  UntilPhase("Succeeded");
}

TEST_P(LocalNodeTest, ASidecarThatEndsIsStartedAgain) {
  const std::string starts = folder / "starts";
  const std::string twice = "[ $(wc -l <" + starts + ") = 2 ]";
  const std::string stays = "trap 'exit 0' TERM; while :; do sleep 0.02; done";
  CreatePod(R"("initContainers": [)" +
            Shell("side", "echo up; echo >>" + starts + "; " + twice + " || exit 3; " + stays, kSidecar) +
            R"(], "containers": [)" + Shell("main", "until " + twice + "; do sleep 0.02; done") + "]");
  UntilPhase("Succeeded");
  const json::Value side = Pod()["status"]["initContainerStatuses"].Elements().front();
  EXPECT_EQ(side["restartCount"], json::Value(1));
  EXPECT_EQ(side["lastState"]["terminated"]["exitCode"], json::Value(3));
  EXPECT_TRUE(Log("side").starts_with("up\nup\n")) << Log("side");
}

TEST_P(LocalNodeTest, ADeletedPodIsAskedToEndAndThenGone) {
  const std::string ended = folder / "ended";
  const auto says = [&](const std::string& what) {
    return "trap 'sleep 0.1; echo " + what + " >>" + ended + "; exit 0' TERM; echo up; while :; do sleep 0.02; done";
  };
  CreatePod(R"("initContainers": [)" + Shell("a-side", says("side"), kSidecar) + R"(], "containers": [)" +
            Shell("main", says("main")) + "]");
  UntilItSays("up", "a-side");
  UntilItSays("up");
  Delete(3600);
  EXPECT_NE(Phase(), "gone");
  UntilPhase("gone");
  EXPECT_EQ(folder.Read("ended"), "main\nside\n") << "which may need the sidecar until then";
}

TEST_P(LocalNodeTest, ADeletedPodThatDoesNotEndIsKilledAfterItsGrace) {
  CreatePod(R"("containers": [)" + Shell("main", "trap '' TERM; echo up; while :; do sleep 0.02; done") + "]");
  UntilItSays("up");
  const Duration began = loop.Monotonic();
  Delete(1);
  UntilPhase("gone");
  EXPECT_GE(loop.Monotonic() - began, std::chrono::seconds(1));
}

TEST_P(LocalNodeTest, ASecondDeleteMayShortenTheGrace) {
  CreatePod(R"("containers": [)" + Shell("main", "trap '' TERM; echo up; while :; do sleep 0.02; done") + "]");
  UntilItSays("up");
  Delete(600);
  Delete(1);
  UntilPhase("gone");
}

TEST_P(LocalNodeTest, ADeletedPodsFilesGoToo) {
  CreatePod(R"("containers": [)" + Shell("main", "echo up; sleep 60") + "]");
  UntilItSays("up");
  const std::string files = folder / "pods/" + apiserver::UidOf(Pod());
  Delete(0);
  Until([&] { return !std::filesystem::exists(files); });
}

TEST_P(LocalNodeTest, APodThatIsOverItsDeadlineHasFailed) {
  CreatePod(R"("activeDeadlineSeconds": 1, "terminationGracePeriodSeconds": 1, "containers": [)" +
            Shell("main", "sleep 60") + "]");
  UntilPhase("Failed");
  EXPECT_EQ(Pod()["status"]["reason"], json::Value("DeadlineExceeded"));
}

TEST_P(LocalNodeTest, APodWaitsForItsSecretAndThenStarts) {
  CreatePod(R"("containers": [{"name": "main", "image": ")" + Image() + R"(", "command": ["sh", "-c", "echo $TOKEN"],
          "env": [{"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "token", "key": "key"}}}]}])");
  Until([&] { return Main() == "waiting CreateContainerConfigError"; });
  const json::Value waiting = Pod()["status"]["containerStatuses"].Elements().at(0)["state"]["waiting"];
  EXPECT_EQ(waiting["message"], json::Value("secret \"token\" not found"));
  Create(apiserver::Secrets(), "ci",
         R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "token"}, "data": {"key": ")" +
             EncodeBase64("s3cret") + "\"}}");
  UntilPhase("Succeeded");
  EXPECT_EQ(Log(), "s3cret\n");
}

TEST_P(ProcessNodeTest, APodThatWaitsCanBeDeleted) {
  CreatePod(R"("containers": [{"name": "main", "image": "busybox"}])");
  Until([&] { return Main() == "waiting CreateContainerConfigError"; });
  Delete(30);
  UntilPhase("gone");
}

TEST_P(LocalNodeTest, AfterARestartWhatWasBoundIsUnknownAndDoesNotRunAgain) {
  const std::string ran = folder / "ran";
  CreatePod(R"("containers": [)" + Shell("main", "echo ran >>" + ran + "; echo up; sleep 60") + "]");
  UntilItSays("up");
  node.reset();
  EXPECT_EQ(Phase(), "Running") << "as a crash leaves it";
  StartNode();
  UntilPhase("Failed");
  EXPECT_EQ(Main(), "137 ContainerStatusUnknown");
  Until([&, turns = 0]() mutable { return ++turns > 50; });
  EXPECT_EQ(folder.Read("ran"), "ran\n");
}

TEST_P(LocalNodeTest, AfterARestartWhatWasNotBoundStarts) {
  node.reset();
  CreatePod(R"("containers": [)" + Shell("main", "echo hello") + "]");
  StartNode();
  UntilPhase("Succeeded");
}

TEST_P(LocalNodeTest, AfterARestartWhatHadEndedIsLeftAlone) {
  CreatePod(R"("containers": [)" + Shell("main", "echo hello") + "]");
  UntilPhase("Succeeded");
  const uint64_t version = store.Current();
  node.reset();
  StartNode();
  Until([&, turns = 0]() mutable { return ++turns > 50; });
  EXPECT_EQ(store.Current(), version);
  EXPECT_EQ(Log(), "hello\n");
}

TEST_P(LocalNodeTest, AfterARestartFilesOfPodsThatAreGoneGo) {
  CreatePod(R"("containers": [)" + Shell("main", "echo hello") + "]");
  UntilPhase("Succeeded");
  node.reset();
  folder.Write("pods/some-uid/main.log", "of a pod that was deleted as the node was killed");
  StartNode();
  EXPECT_FALSE(std::filesystem::exists(folder / "pods/some-uid"));
  EXPECT_EQ(Log(), "hello\n");
}

TEST_P(LocalNodeTest, NothingRunsAnyMoreWhenItHasGone) {
  CreatePod(R"("containers": [)" +
            Shell("main", "trap '' TERM; echo $$; while :; do echo . >>" + (folder / "alive") + "; done") + "]");
  Until([&] { return !folder.Read("alive").empty(); });
  node.reset();
  const auto size = std::filesystem::file_size(folder / "alive");
  Until([&, turns = 0]() mutable { return ++turns > 20; });
  EXPECT_EQ(std::filesystem::file_size(folder / "alive"), size);
}

TEST_P(LocalNodeTest, APodThatNamesThisNodeRunsHere) {
  CreatePod(R"("nodeName": "local", "containers": [)" + Shell("main", "echo hello") + "]");
  UntilPhase("Succeeded");
}

TEST_P(LocalNodeTest, APodThatNamesAnotherNodeIsLeftAlone) {
  CreatePod(R"("nodeName": "elsewhere", "containers": [)" + Shell("main", "echo hello") + "]");
  Until([&, turns = 0]() mutable { return ++turns > 50; });
  EXPECT_EQ(Phase(), "Pending");
}

TEST_P(LocalNodeTest, LogsAreLiveWhileTheContainerRuns) {
  const std::string gate = folder / "gate";
  EXPECT_EQ(node->LogOf(Pod(), "main").path, "");
  CreatePod(R"("containers": [)" + Shell("main", "echo up; until [ -e " + gate + " ]; do sleep 0.02; done") + "]");
  UntilItSays("up");
  EXPECT_TRUE(node->LogOf(Pod(), "main").live);
  EXPECT_EQ(node->LogOf(Pod(), "other").path, "");
  folder.Write("gate", "");
  UntilPhase("Succeeded");
  EXPECT_FALSE(node->LogOf(Pod(), "main").live);
  EXPECT_EQ(node->LogOf(Pod(), "main").path, folder / "pods/" + apiserver::UidOf(Pod()) + "/main.log");
}

// Where the machine has cgroups that we may write to they must work; elsewhere it is said that there are no limits.
bool LimitsCanBeSet() {
  std::ifstream file("/sys/fs/cgroup/cgroup.controllers");
  const std::string all{std::istreambuf_iterator<char>(file), {}};
  return geteuid() == 0 && all.find("memory") != std::string::npos && all.find("cpu") != std::string::npos &&
         access("/sys/fs/cgroup/cgroup.subtree_control", W_OK) == 0;
}

constexpr char kLimits[] = R"(, "resources": {"limits": {"memory": "32Mi", "cpu": "1500m"}})";

TEST_P(ProcessNodeTest, LimitsAreEnforcedOrItIsSaidThatTheyAreNot) {
  CreatePod(R"("containers": [)" + Shell("main", "cat /proc/self/cgroup", kLimits) + "," + Shell("b", "true", kLimits) +
            "]");
  UntilPhase("Succeeded");
  const std::string said = "limits of resources are not enforced: ";
  const size_t at = notes.find(said);
  EXPECT_EQ(at == std::string::npos, LimitsCanBeSet()) << notes;
  EXPECT_EQ(at == std::string::npos, Log().find("/coreflow-" + std::to_string(getpid())) != std::string::npos) << Log();
  EXPECT_EQ(notes.rfind(said), at) << "once is enough: " << notes;
}

TEST_P(ProcessNodeTest, WhatTakesMoreMemoryThanItsLimitIsKilled) {
  if (!LimitsCanBeSet()) return;  // the test before this one has seen that it is said
  CreatePod(R"("containers": [)" + Shell("main", "head -c 200m /dev/zero | tail -c 200m; echo alive", kLimits) + "]");
  UntilPhase("Failed");
  EXPECT_EQ(Main(), "137 OOMKilled");
  EXPECT_EQ(Log(), "");
  node.reset();
  EXPECT_FALSE(std::filesystem::exists("/sys/fs/cgroup/coreflow-" + std::to_string(getpid())));
}

const char* NameOf(const testing::TestParamInfo<Runtime>& info) {
  switch (info.param) {
    case Runtime::kIsolated: return "Isolated";
    case Runtime::kPlain: return "Plain";
    case Runtime::kPodman: return "Podman";
  }
  return "";
}

INSTANTIATE_TEST_SUITE_P(Runner, LocalNodeTest, testing::Values(Runtime::kIsolated, Runtime::kPlain, Runtime::kPodman),
                         NameOf);
INSTANTIATE_TEST_SUITE_P(Runner, ProcessNodeTest, testing::Values(Runtime::kIsolated, Runtime::kPlain), NameOf);

class IsolatedNodeTest : public LocalNodeTest {};

TEST_P(IsolatedNodeTest, CanBeHere) { EXPECT_TRUE(ProcessRuntime::CanIsolate(folder / "probe")); }

// One with the machine's programs.
TEST_P(IsolatedNodeTest, AnUnpackedImageIsTheRoot) {
  folder.Write("image/etc/word", "of the image");
  for (const char* name : {"bin", "lib", "lib64"}) {
    if (std::filesystem::is_symlink(std::string("/") + name)) {
      std::filesystem::copy_symlink(std::string("/") + name, folder / "image" + "/" + name);
    }
  }
  CreatePod(R"("volumes": [{"name": "usr", "hostPath": {"path": "/usr"}}], "containers": [)" +
            Shell("main", "pwd; cat /etc/word; echo; ls /etc; test -c /dev/null; echo $HOME",
                  R"(, "volumeMounts": [{"name": "usr", "mountPath": "/usr", "readOnly": true}])", "unpacked:1") +
            "]");
  UntilPhase("Succeeded");
  EXPECT_EQ(Log(), "/\nof the image\nhosts\nresolv.conf\nword\n/root\n");
  EXPECT_EQ(notes, "");
}

INSTANTIATE_TEST_SUITE_P(Runner, IsolatedNodeTest, testing::Values(Runtime::kIsolated), NameOf);

// Those with mounts of their own.
class RootNodeTest : public LocalNodeTest {};

TEST_P(RootNodeTest, ContainersShareTheirPodsVolumes) {
  folder.Write("host/word", "from the host");
  CreatePod(
      R"("volumes": [{"name": "scratch", "emptyDir": {}}, {"name": "host", "hostPath": {"path": ")" +
      (folder / "host") + R"("}}], "initContainers": [)" +
      Shell("first", "cp /host/word /scratch/word", R"(, "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"},
                {"name": "host", "mountPath": "/host", "readOnly": true}])") +
      R"(], "containers": [)" +
      Shell("main", "cat /other/word", R"(, "volumeMounts": [{"name": "scratch", "mountPath": "/other"}])") + "]");
  UntilPhase("Succeeded");
  EXPECT_EQ(Log(), "from the host");
}

TEST_P(RootNodeTest, VolumesGoWhenThePodHasEnded) {
  Create(apiserver::Secrets(), "ci",
         R"({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "token"}, "data": {"key": ")" +
             EncodeBase64("s3cret") + "\"}}");
  CreatePod(R"("volumes": [{"name": "s", "secret": {"secretName": "token"}}], "containers": [)" +
            Shell("main", "cat /s/key", R"(, "volumeMounts": [{"name": "s", "mountPath": "/s"}])") + "]");
  UntilPhase("Succeeded");
  EXPECT_EQ(Log(), "s3cret");
  EXPECT_FALSE(std::filesystem::exists(folder / "pods/" + apiserver::UidOf(Pod()) + "/volumes"));
}

TEST_P(RootNodeTest, AHostPathThatIsNotAllowedKeepsThePodFromStarting) {
  CreatePod(R"("volumes": [{"name": "host", "hostPath": {"path": "/etc"}}], "containers": [)" +
            Shell("main", "true", R"(, "volumeMounts": [])") + "]");
  Until([&] { return Main() == "waiting CreateContainerConfigError"; });
}

INSTANTIATE_TEST_SUITE_P(Runner, RootNodeTest, testing::Values(Runtime::kIsolated, Runtime::kPodman), NameOf);

class PodmanNodeTest : public LocalNodeTest {
 protected:
  std::string WaitsFor(const std::string& image, const std::string& policy) {
    CreatePod(R"("containers": [{"name": "main", "image": ")" + image + R"(", "imagePullPolicy": ")" + policy + "\"}]");
    Until([&] { return Main().starts_with("waiting ") && Main() != "waiting ContainerCreating"; });
    const json::Value waiting = Pod()["status"]["containerStatuses"].Elements().at(0)["state"]["waiting"];
    return waiting["reason"].StringOr("") + ": " + waiting["message"].StringOr("");
  }
};

TEST_P(PodmanNodeTest, AContainerRunsAsItsImageSays) {
  CreatePod(R"("containers": [{"name": "main", "image": ")" + Image() + "\"}]");
  UntilPhase("Succeeded");
  EXPECT_EQ(Log(), "of the image\n");
}

TEST_P(PodmanNodeTest, ArgumentsReplaceThoseOfTheImage) {
  CreatePod(R"("containers": [{"name": "main", "image": ")" + Image() +
            R"(", "args": ["sh", "-c", "pwd; echo $WORD"]}])");
  UntilPhase("Succeeded");
  EXPECT_EQ(Log(), "/bin\nimage\n");
}

TEST_P(PodmanNodeTest, TheStatusHasTheImagesDigest) {
  CreatePod(R"("initContainers": [)" + Shell("first", "true") + R"(], "containers": [)" + Shell("main", "true") + "]");
  UntilPhase("Succeeded");
  for (const char* list : {"initContainerStatuses", "containerStatuses"}) {
    const std::string id = Pod()["status"][list].Elements().at(0)["imageID"].StringOr("");
    EXPECT_TRUE(id.starts_with("localhost/coreflow-test@sha256:")) << id;
  }
}

TEST_P(PodmanNodeTest, AnImageThatCantBePulledKeepsThePodWaiting) {
  const std::string why = WaitsFor("registry.invalid/x:1", "IfNotPresent");
  EXPECT_TRUE(why.starts_with("ErrImagePull: failed to pull image \"registry.invalid/x:1\": Error: ")) << why;
  Until([&] { return Main() == "waiting ImagePullBackOff"; });
  EXPECT_EQ(Phase(), "Pending");
  Delete(0);
  UntilPhase("gone");
}

TEST_P(PodmanNodeTest, AnImageThatMayNotBePulledMustBeThere) {
  EXPECT_EQ(WaitsFor("registry.invalid/x:1", "Never"),
            "ErrImageNeverPull: Container image \"registry.invalid/x:1\" is not present with pull policy of Never");
}

TEST_P(PodmanNodeTest, AnImageWithSuchANameIsNotAskedFor) {
  EXPECT_EQ(WaitsFor("--privileged", "IfNotPresent"),
            "InvalidImageName: couldn't parse image name \"--privileged\": invalid reference format");
}

TEST_P(PodmanNodeTest, AnInitContainersImageIsWhatThePodWaitsFor) {
  CreatePod(R"("initContainers": [{"name": "first", "image": "registry.invalid/x:1", "imagePullPolicy": "Never"}],
               "containers": [)" +
            Shell("main", "true") + "]");
  Until([&] { return Init() == "waiting ErrImageNeverPull"; });
  EXPECT_EQ(Main(), "waiting PodInitializing");
}

TEST_P(PodmanNodeTest, VariablesArriveAsTheyAre) {
  CreatePod(R"("containers": [{"name": "main", "image": ")" + Image() +
            R"(", "command": ["sh", "-c", "echo \"[$A][$B][$C]\""], "env": [{"name": "A", "value": "  #x \"q\" "},
               {"name": "B", "value": "two\nlines"}, {"name": "C", "value": ""}]}])");
  UntilPhase("Succeeded");
  EXPECT_EQ(Log(), "[  #x \"q\" ][two\nlines][]\n");
}

TEST_P(PodmanNodeTest, ContainersOfAPodHaveOneNetwork) {
  CreatePod(R"("terminationGracePeriodSeconds": 0, "initContainers": [)" +
            Shell("side", "echo moin | nc -l -p 17388", kSidecar) + R"(], "containers": [)" +
            Shell("main", "until nc 127.0.0.1 17388; do sleep 0.05; done") + "]");
  UntilPhase("Succeeded");
  EXPECT_EQ(Log().substr(Log().rfind("moin")), "moin\n");
}

TEST_P(PodmanNodeTest, LimitsAreTheContainers) {
  CreatePod(R"("containers": [)" + Shell("main", "exec tail -c 200m /dev/zero", kLimits) + "]");
  UntilPhase("Failed");
  // Whether it is told why is up to podman's monitor, which can't see it in every version of cgroups.
  EXPECT_TRUE(Main() == "137 OOMKilled" || Main() == "137 Error") << Main();
}

TEST_P(PodmanNodeTest, NothingIsLeftOfContainers) {
  CreatePod(R"("containers": [)" + Shell("main", "echo up; sleep 60") + "," + Shell("other", "exit 3") + "]");
  UntilItSays("up");
  Until([&] { return Main(1) == "3 Error" || !Pod()["status"]["containerStatuses"].Elements().at(1).IsNull(); });
  node.reset();
  EXPECT_EQ(ToolCalls(loop, "podman").CallNow(ListArguments()).out, "");
}

INSTANTIATE_TEST_SUITE_P(Runner, PodmanNodeTest, testing::Values(Runtime::kPodman), NameOf);

}  // namespace
}  // namespace coreflow::runner
