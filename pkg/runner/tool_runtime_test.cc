#include "pkg/runner/tool_runtime.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "pkg/apiserver/test_folder.h"
#include "pkg/json/parse.h"
#include "pkg/reactor/event_loop.h"
#include "pkg/reactor/run_until.h"
#include "pkg/runner/process_identity.h"

namespace coreflow::runner {
namespace {

// With a program named docker, a script that says what docker says, and notes how it was called. What it does with a
// real engine is in local_node_test.cc, with podman.
class ToolRuntimeTest : public testing::Test {
 protected:
  ToolRuntimeTest() {
    setenv("PATH", (folder.Folder("bin") + ":" + path).c_str(), 1);
    setenv("FAKE", folder.path().c_str(), 1);
  }
  ~ToolRuntimeTest() override { setenv("PATH", path.c_str(), 1); }

  // What it does when it is called with one of these verbs first, in a shell.
  void Docker(const std::string& cases) {
    const std::string script = folder.Write(
        "bin/docker", "#!/bin/sh\ncd \"$FAKE\"; echo \"$*\" >>calls\ncase \"$1\" in\n" + cases +
                          "\nps) cat names 2>/dev/null ;; rm) rm -f names ;;\n*) exit 1 ;; esac\nexit 0\n");
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
  }
  void Open() {
    auto opened = ToolRuntime::Open(loop, "docker");
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    runtime = std::move(*opened);
  }
  std::string OpeningFails() {
    const auto opened = ToolRuntime::Open(loop, "docker");
    return opened ? "it opened" : opened.error().message;
  }
  // What keeps a container of that image from starting: "REASON: MESSAGE".
  std::string Prepare(const std::string& image, const std::string& policy) {
    std::optional<std::string> told;
    runtime->Prepare(*json::Parse(R"({"spec": {"containers": [{"name": "main", "image": ")" + image +
                                  R"(", "imagePullPolicy": ")" + policy + R"("}]}})"),
                     [&](const std::optional<Obstacle>& obstacle) {
                       told = obstacle ? obstacle->container + " " + obstacle->reason + ": " + obstacle->message : "";
                     });
    Until([&] { return told.has_value(); });
    return *told;
  }
  // What a container of an image that was prepared comes to: "CODE REASON: MESSAGE".
  std::string RunIt() {
    std::string told;
    const auto started = runtime->Start({.id = "u.main",
                                         .name = "main",
                                         .pod = "p",
                                         .image = "busybox",
                                         .message_file = "/dev/null",
                                         .message_path = "/dev/termination-log",
                                         .folder = folder.path(),
                                         .log = folder / "log"},
                                        [&](const apiserver::ContainerExit& exit) {
                                          told =
                                              std::to_string(exit.exit_code) + " " + exit.reason + ": " + exit.message;
                                        });
    EXPECT_TRUE(started.has_value());
    Until([&] { return !told.empty(); });
    return told;
  }
  void Until(const std::function<bool()>& claim) {
    ASSERT_TRUE(reactor::RunUntil(loop, claim)) << folder.Read("calls");
  }

  const std::string path = getenv("PATH");
  apiserver::TestFolder folder;
  reactor::EventLoop loop;
  std::unique_ptr<ToolRuntime> runtime;
};

constexpr char kImage[] = R"(image) echo '[{"Id": "sha256:12", "RepoDigests": ["busybox@sha256:34"]}]' ;;)";

TEST_F(ToolRuntimeTest, SaysThatTheToolIsMissing) {
  setenv("PATH", folder.path().c_str(), 1);
  EXPECT_EQ(OpeningFails(), "docker is not on the PATH; install it, or use --runner=process");
}

TEST_F(ToolRuntimeTest, SaysThatItsEngineDoesNotRun) {
  Docker("ps) echo 'Cannot connect to the Docker daemon. Is the docker daemon running?' >&2; exit 1 ;;");
  EXPECT_EQ(
      OpeningFails(),
      "docker can't be used: Cannot connect to the Docker daemon. Is the docker daemon running?; see to it that it "
      "works, or use --runner=process");
}

TEST_F(ToolRuntimeTest, RemovesWhatWasLeftByAProcessThatHasEnded) {
  folder.Write("names", "coreflow-old\ncoreflow-mine\n");
  folder.Write("inspected", R"([{"Name": "/coreflow-old", "Config": {"Labels": {"coreflow.dev/owner": "a/1/1/1"}}},
      {"Name": "/coreflow-mine", "Config": {"Labels": {"coreflow.dev/owner": ")" +
                                IdentityOfThisProcess() + "\"}}}]");
  Docker("inspect) cat inspected ;;");
  Open();
  EXPECT_EQ(folder.Read("calls"),
            "ps --all --filter=label=coreflow.dev/owner --format={{.Names}}\n"
            "inspect --type=container -- coreflow-old coreflow-mine\n"
            "rm --force --volumes -- coreflow-old\n");
}

TEST_F(ToolRuntimeTest, PullsAnImageThatIsNotThere) {
  Docker(
      "image) if [ -e pulled ]; then echo '[{\"Id\": \"12\"}]'; else echo '[]'; exit 1; fi ;; pull) touch pulled ;;");
  Open();
  EXPECT_EQ(Prepare("busybox:1", "IfNotPresent"), "");
  EXPECT_NE(folder.Read("calls").find("pull --quiet -- docker.io/library/busybox:1\n"), std::string::npos);
  const std::string calls = folder.Read("calls");
  EXPECT_EQ(Prepare("busybox:1", "IfNotPresent"), "");
  EXPECT_EQ(folder.Read("calls"), calls) << "it is known to be there";
  EXPECT_EQ(Prepare("busybox:1", "Always"), "");
  EXPECT_NE(folder.Read("calls"), calls);
  EXPECT_EQ(runtime->ImageId("busybox:1"), "12");
}

TEST_F(ToolRuntimeTest, SaysWhyAnImageCantBeHad) {
  Docker("image) echo '[]'; exit 1 ;; pull) echo 'Error response from daemon: not found' >&2; exit 1 ;;");
  Open();
  EXPECT_EQ(Prepare("x:1", "IfNotPresent"),
            "main ErrImagePull: failed to pull image \"x:1\": Error response from daemon: not found");
  EXPECT_EQ(Prepare("x:1", "Never"),
            "main ErrImageNeverPull: Container image \"x:1\" is not present with pull policy of Never");
  EXPECT_EQ(Prepare("--privileged", "Never"),
            "main InvalidImageName: couldn't parse image name \"--privileged\": invalid reference format");
}

TEST_F(ToolRuntimeTest, WhatManyPodsWaitForIsPulledOnce) {
  Docker("image) [ -e pulled ] && echo '[{\"Id\": \"12\"}]' ;; pull) touch pulled ;;");
  Open();
  const auto pod =
      json::Parse(R"({"spec": {"containers": [{"name": "a", "image": "x:1"}, {"name": "b", "image": "x:1"}]}})");
  int ready = 0;
  for (int i = 0; i < 3; ++i) runtime->Prepare(*pod, [&](const auto& obstacle) { ready += obstacle ? 0 : 1; });
  Until([&] { return ready == 3; });
  const std::string calls = folder.Read("calls");
  EXPECT_EQ(calls.find("pull"), calls.rfind("pull")) << calls;
}

TEST_F(ToolRuntimeTest, RunsAContainerByTheIdOfItsImage) {
  Docker(std::string(kImage) + "run) echo said ;;");
  Open();
  EXPECT_EQ(Prepare("busybox", "IfNotPresent"), "");
  EXPECT_EQ(runtime->ImageId("busybox"), "busybox@sha256:34");
  EXPECT_EQ(RunIt(), "0 Completed: ");
  EXPECT_EQ(folder.Read("log"), "said\n");
  EXPECT_NE(folder.Read("calls").find(" -- sha256:12\n"), std::string::npos) << folder.Read("calls");
  Until([&] { return folder.Read("calls").ends_with("rm --force --volumes -- coreflow-u.main\n"); });
}

TEST_F(ToolRuntimeTest, SaysThatItWasKilledForWantOfMemory) {
  Docker(std::string(kImage) +
         "run) echo coreflow-u.main >names; exit 137 ;;"
         R"(inspect) echo '[{"Name": "/coreflow-u.main",
            "State": {"StartedAt": "2026-01-01T00:00:00Z", "OOMKilled": true, "ExitCode": 137}}]' ;;)");
  Open();
  EXPECT_EQ(Prepare("busybox", "IfNotPresent"), "");
  EXPECT_EQ(RunIt(), "137 OOMKilled: ");
  EXPECT_EQ(folder.Read("names"), "") << "it was removed";
}

TEST_F(ToolRuntimeTest, WhatTheToolSaysOfAContainerThatItDidNotMakeIsNoLog) {
  Docker(std::string(kImage) + "run) echo 'docker: invalid mount.' >&2; echo 'Run docker --help' >&2; exit 125 ;;");
  Open();
  EXPECT_EQ(Prepare("busybox", "IfNotPresent"), "");
  EXPECT_EQ(RunIt(), "128 StartError: docker: invalid mount.");
  EXPECT_EQ(folder.Read("log"), "");
  EXPECT_EQ(runtime->ImageId("busybox"), "") << "the image may be what was missing";
}

TEST_F(ToolRuntimeTest, NothingIsToldWhileTheToolDoesNotAnswer) {
  Docker(std::string(kImage) + R"(
    run) echo text; echo coreflow-u.main >names; touch broken; exit 125 ;;
    inspect) echo '[{"Name": "/coreflow-u.main", "State": {"StartedAt": "2026-01-01T00:00:00Z", "ExitCode": 3}}]' ;;
    ps) if [ -e broken ]; then rm broken; exit 1; else cat names 2>/dev/null; fi ;;)");
  Open();
  EXPECT_EQ(Prepare("busybox", "IfNotPresent"), "");
  EXPECT_EQ(RunIt(), "3 Error: ") << "as it was told when it answered again";
  EXPECT_EQ(folder.Read("log"), "text\n");
}

TEST_F(ToolRuntimeTest, ASignalIsSentAgainUntilItArrives) {
  Docker(std::string(kImage) +
         "run) until [ -e killed ]; do sleep 0.02; done; exit 0 ;;"
         "kill) if [ -e asked ]; then touch killed; else touch asked; exit 1; fi ;;");
  Open();
  EXPECT_EQ(Prepare("busybox", "IfNotPresent"), "");
  loop.After(std::chrono::milliseconds(50), [&] { runtime->Signal("u.main", SIGTERM); });
  EXPECT_EQ(RunIt(), "0 Completed: ");
  EXPECT_NE(folder.Read("calls").find("kill --signal=15 -- coreflow-u.main\n"), std::string::npos);
}

TEST_F(ToolRuntimeTest, RemovesItsOwnWhenItEnds) {
  Docker("inspect) echo '[]' ;;");
  Open();
  folder.Write("names", "coreflow-u.main\n");
  runtime.reset();
  EXPECT_TRUE(folder.Read("calls").ends_with("--filter=label=coreflow.dev/owner=" + IdentityOfThisProcess() +
                                             " --format={{.Names}}\nrm --force --volumes -- coreflow-u.main\n"))
      << folder.Read("calls");
}

}  // namespace
}  // namespace coreflow::runner
