#include "pkg/runner/container_tool.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace coreflow::runner {
namespace {

std::string Words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

constexpr char kAlways[] =
    "run --pull=never --name=coreflow-uid.main --label=coreflow.dev/owner=me --hostname=p --network=host "
    "--log-driver=none --no-healthcheck --stop-timeout=0 --security-opt=label=disable --env-file=/f/main.env";

ContainerToRun Container() {
  return {.id = "uid.main", .name = "main", .pod = "p", .message_file = "/f/m", .message_path = "/dev/log"};
}
std::string WordsFor(const ContainerToRun& container) {
  const std::string text = Words(RunArguments(container, "1234", "/f/main.env", "me"));
  EXPECT_TRUE(text.starts_with(kAlways)) << text;
  return text.substr(std::min(text.size(), sizeof kAlways));
}

TEST(ContainerToolTest, RunsAContainerAsItsImageSays) {
  EXPECT_EQ(WordsFor(Container()), "--mount=type=bind,source=/f/m,target=/dev/log -- 1234");
}

TEST(ContainerToolTest, ACommandReplacesTheEntrypointAndArgsTheImagesCommand) {
  ContainerToRun container = Container();
  container.args = {"-x", "a b"};
  EXPECT_EQ(WordsFor(container), "--mount=type=bind,source=/f/m,target=/dev/log -- 1234 -x a b");
  container.command = {"sh", "-c"};
  EXPECT_EQ(WordsFor(container), "--mount=type=bind,source=/f/m,target=/dev/log --entrypoint=sh -- 1234 -c -x a b");
}

TEST(ContainerToolTest, SaysFolderVolumesAndLimits) {
  ContainerToRun container = Container();
  container.work_folder = "/work dir";
  container.mounts = {{.source = "/a,b", .target = "/c", .read_only = true}, {.source = "/q\"q", .target = "/d"}};
  container.limits = {.cpu_millis = 1500, .memory = 64};
  EXPECT_EQ(WordsFor(container),
            "--workdir=/work dir --mount=type=bind,\"source=/a,b\",target=/c,readonly "
            "--mount=type=bind,\"source=/q\"\"q\",target=/d --mount=type=bind,source=/f/m,target=/dev/log "
            "--cpus=1.500 --memory=64b --memory-swap=64b -- 1234");
}

TEST(ContainerToolTest, NoVariableIsInItsWords) {
  ContainerToRun container = Container();
  container.variables = {{"KEY", "-----BEGIN\nsecret"}, {"TOKEN", "secret = \"x\" "}};
  EXPECT_EQ(WordsFor(container), "--env=KEY --mount=type=bind,source=/f/m,target=/dev/log -- 1234");
  EXPECT_EQ(EnvironmentFile(container.variables), "TOKEN=secret = \"x\" \n");
  EXPECT_EQ(ManyLines(container.variables), std::vector<std::string>{"KEY=-----BEGIN\nsecret"});
}

TEST(ContainerToolTest, AHostsNameIsNotLongerThanAHostsNameMayBe) {
  ContainerToRun container = Container();
  container.pod = std::string(253, 'p');
  const auto words = RunArguments(container, "1234", "/f/main.env", "me");
  EXPECT_EQ(std::ranges::count(words, "--hostname=" + std::string(63, 'p')), 1);
}

TEST(ContainerToolTest, ReadsContainers) {
  const auto containers = ReadContainers(R"([
    {"Name": "coreflow-a", "State": {"StartedAt": "2026-11-22T07:02:10.39Z", "OOMKilled": true, "ExitCode": 137},
     "Config": {"Labels": {"coreflow.dev/owner": "x"}}},
    {"Name": "/coreflow-b", "State": {"StartedAt": "0001-01-01T00:00:00Z", "ExitCode": 0}, "Config": {"Labels": null}}])");
  EXPECT_EQ(containers,
            (std::vector<ToolContainer>{
                {.name = "coreflow-a", .owner = "x", .started = true, .out_of_memory = true, .exit_code = 137},
                {.name = "coreflow-b"}}));
}

TEST(ContainerToolTest, ReadsAnImage) {
  EXPECT_EQ(ReadImage(R"([{"Id": "12", "RepoDigests": ["localhost/x@sha256:34"]}])"),
            (ToolImage{.id = "12", .digest = "localhost/x@sha256:34"}));
  EXPECT_EQ(ReadImage(R"([{"Id": "sha256:12", "RepoDigests": []}])"), (ToolImage{"sha256:12", "sha256:12"}));
}

TEST(ContainerToolTest, WhatNoToolSaysIsNothing) {
  for (const char* text : {"", "[]", "Error: x", "{}", "[1]", "[{\"Id\": 1}]", "[[]]", "null"}) {
    EXPECT_EQ(ReadImage(text), std::nullopt) << text;
    for (const ToolContainer& one : ReadContainers(text)) EXPECT_EQ(one, ToolContainer()) << text;
  }
}

TEST(ContainerToolTest, KnowsNamesOfImages) {
  for (const char* name : {"busybox", "busybox:1.36", "localhost:5000/a/b:1", "ghcr.io/a/b_c@sha256:0123", "Sha-1"}) {
    EXPECT_TRUE(IsImageName(name)) << name;
  }
  for (const char* name : {"", "--privileged", "a b", "dir:/etc", "docker://x", "a//b", "a:", "x;y", "../x"}) {
    EXPECT_FALSE(IsImageName(name)) << name;
  }
}

TEST(ContainerToolTest, NamesOfImagesAreQualifiedAsByAKubelet) {
  EXPECT_EQ(QualifiedImage("busybox:1"), "docker.io/library/busybox:1");
  EXPECT_EQ(QualifiedImage("a/b"), "docker.io/a/b");
  for (const char* name : {"localhost/x:1", "ghcr.io/a/b", "host:5000/x"}) EXPECT_EQ(QualifiedImage(name), name);
}

TEST(ContainerToolTest, FindsWhatWentWrong) {
  EXPECT_EQ(Complaint("Trying to pull x\nError: no such host\n"), "Error: no such host");
  EXPECT_EQ(Complaint("docker: no daemon.\n\nRun 'docker run --help' for more information\n"), "docker: no daemon.");
  EXPECT_EQ(Complaint("one\ntwo\n \n"), "two");
  EXPECT_EQ(Complaint(""), "");
}

}  // namespace
}  // namespace coreflow::runner
