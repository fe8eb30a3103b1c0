#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <map>

#include "operator/exec/run_program.h"
#include "pkg/artifact/executor_message.h"
#include "pkg/base/test_folder.h"
#include "pkg/executor/test_courier.h"

namespace coreflow::executor {
namespace {

struct World {
  explicit World(std::vector<Play> script = {}) : courier(folder / "socket", std::move(script)) {}

  ProgramEnd Run(std::vector<std::string> command, const std::vector<std::string>& options = {}) const {
    std::vector<std::string> words = {"--socket",         folder / "socket", "--message",
                                      folder / "message", "--outputs",       folder / "outputs"};
    words.insert(words.end(), options.begin(), options.end());
    words.emplace_back("--");
    words.insert(words.end(), command.begin(), command.end());
    return RunProgram(kProgram, words);
  }
  ProgramEnd Shell(const std::string& script, const std::vector<std::string>& options = {}) const {
    return Run({"sh", "-c", script}, options);
  }
  // Without what the command took, which is never the same.
  artifact::ExecutorMessage Message() const {
    const std::string text = folder.Read("message");
    auto message = artifact::ReadExecutorMessage(text);
    EXPECT_TRUE(message) << text;
    if (!message) return {};
    message->usage.reset();
    return *message;
  }

  TestFolder folder;
  TestCourier courier;
};

TEST(Program, LeavesWhatTheCommandLeft) {
  World world;
  const std::string path = world.folder / "model";
  const ProgramEnd end = world.Shell("echo rows=3 > " + (world.folder / "outputs") + "; printf 12345 > " + path,
                                     {"--artifact", "model=None:" + path});
  EXPECT_EQ(end.code, 0);
  EXPECT_EQ(end.complaint, "");
  EXPECT_EQ(world.Message(), (artifact::ExecutorMessage{
                                 .outputs = "rows=3\n",
                                 .artifacts = {{"model", {.digest = TestCourier::Digest(), .bytes = 5}}},
                             }));
}

TEST(Program, TellsWhatTheCommandTook) {
  World world;
  EXPECT_EQ(world.Shell("exit 3").code, 3);
  const auto message = artifact::ReadExecutorMessage(world.folder.Read("message"));
  ASSERT_TRUE(message && message->usage);
  EXPECT_GT(message->usage->peak_memory_bytes, 100 << 10);
  EXPECT_LT(message->usage->peak_memory_bytes, 100 << 20);
}

TEST(Program, StoresAlsoWhatAFailedCommandLeft) {
  World world;
  const std::string path = world.folder / "log";
  EXPECT_EQ(world.Shell("echo why > " + path + "; exit 3", {"--artifact", "log=None:" + path}).code, 3);
  EXPECT_EQ(world.Message().artifacts.count("log"), 1u);
}

TEST(Program, AProblemChangesNoExitCode) {
  World world;
  EXPECT_EQ(world.Run({"true"}, {"--artifact", "model=Tar:/nowhere"}).code, 0);
  EXPECT_EQ(world.Message().problem, "artifact model: there is nothing at /nowhere");
}

TEST(Program, OutputsOfMoreThanOneMebibyteAreAProblemAndArtifactsAreStored) {
  World world;
  const std::string path = world.folder / "outputs";
  world.folder.Write("outputs", std::string((size_t{1} << 20) + 1, 'x'));
  EXPECT_EQ(world.Run({"true"}, {"--artifact", "all=None:" + path}).code, 0);
  EXPECT_EQ(world.Message().problem, "outputs: " + path + " has more than 1 MiB");
  EXPECT_EQ(world.Message().outputs, "");
  EXPECT_EQ(world.Message().artifacts.count("all"), 1u);
}

TEST(Program, OutputsThatAreLargeGoToTheCourier) {
  World world;
  const std::string path = world.folder / "outputs";
  const std::string write = "head -c 1025 /dev/zero | tr '\\0' x > " + path;
  EXPECT_EQ(world.Shell(write, {"--large-outputs", "$outputs"}).code, 0);
  EXPECT_EQ(world.Message().outputs, "");
  EXPECT_EQ(
      world.Message().artifacts,
      (decltype(artifact::ExecutorMessage::artifacts){{"$outputs", {.digest = TestCourier::Digest(), .bytes = 1025}}}));
  EXPECT_EQ(world.Shell(write + "; exit 3", {"--large-outputs", "$outputs"}).code, 3);
  EXPECT_EQ(world.Message(), (artifact::ExecutorMessage{.outputs = std::string(1024, 'x')})) << "words of a failure";
}

TEST(Program, OutputsThatAreSmallStayInTheMessage) {
  World world;
  EXPECT_EQ(world.Shell("echo a=1 > " + (world.folder / "outputs"), {"--large-outputs", "$outputs"}).code, 0);
  EXPECT_EQ(world.Message(), (artifact::ExecutorMessage{.outputs = "a=1\n"}));
}

// What is printed: stdout is the test's own, so it goes to stderr.
TEST(Program, KeepsTheLogHoweverTheCommandEnds) {
  World world;
  const std::vector<std::string> keep = {"--log", "$log=1000:" + (world.folder / "log")};
  const std::map<std::string, int> ends = {{"exit 0", 0}, {"exit 3", 3}, {"kill -KILL $$", 128 + SIGKILL}};
  for (const auto& [ending, code] : ends) {
    const ProgramEnd end = world.Shell("echo printed >&2; " + ending, keep);
    EXPECT_EQ(end.code, code);
    EXPECT_EQ(end.complaint, "printed\n");
    EXPECT_EQ(world.Message(),
              (artifact::ExecutorMessage{.artifacts = {{"$log", {.digest = TestCourier::Digest(), .bytes = 8}}}}));
    const Received received = world.courier.received().back();
    EXPECT_EQ(received.request, "PUT $log None\n");
    EXPECT_EQ(received.bytes, "printed\n");
  }
}

TEST(Program, KeepsTheLogOfACommandThatWasToldToEnd) {
  World world;
  const std::string script = "trap 'echo bye >&2; exit 42' TERM; kill -TERM $PPID; while :; do sleep 0.01; done";
  EXPECT_EQ(world.Shell(script, {"--log", "$log=1000:" + (world.folder / "log")}).code, 42);
  EXPECT_EQ(world.courier.received().back().bytes, "bye\n");
  EXPECT_EQ(world.Message().artifacts.count("$log"), 1u);
}

TEST(Program, KeepsAnEmptyLog) {
  World world;
  EXPECT_EQ(world.Run({"true"}, {"--log", "$log=1000:" + (world.folder / "log")}).code, 0);
  EXPECT_EQ(world.Message().artifacts.at("$log").bytes, 0);
}

TEST(Program, ALogThatCannotBeKeptIsNoFailure) {
  World world({{.answer = "OK " + TestCourier::Digest() + " 1\n"}, {.answer = "ERROR the store is full\n"}});
  const std::string path = world.folder.Write("model", "1");
  const std::vector<std::string> options = {"--artifact", "model=None:" + path, "--log",
                                            "$log=1000:" + (world.folder / "log")};
  const ProgramEnd refused = world.Run({"true"}, options);
  EXPECT_EQ(refused.code, 0);
  EXPECT_EQ(refused.complaint, "coreflow-exec: the log is not kept: the store is full\n");
  EXPECT_EQ(world.Message(),
            (artifact::ExecutorMessage{.artifacts = {{"model", {.digest = TestCourier::Digest(), .bytes = 1}}}}));

  const ProgramEnd nowhere = world.Shell("echo here >&2; exit 3", {"--log", "$log=1000:/nowhere/log"});
  EXPECT_EQ(nowhere.code, 3);
  EXPECT_EQ(nowhere.complaint, "coreflow-exec: the log is not kept: /nowhere/log: No such file or directory\nhere\n");
  EXPECT_EQ(world.Message(), artifact::ExecutorMessage());
}

TEST(Program, AMessageThatHasNoRoomForTheLogIsLeftAsItIs) {
  World world;
  const ProgramEnd end = world.Shell("head -c 200 /dev/zero | tr '\\0' x > " + (world.folder / "outputs"),
                                     {"--log", "$log=1000:" + (world.folder / "log"), "--message-limit", "300"});
  EXPECT_EQ(end.code, 0);
  EXPECT_EQ(end.complaint, "coreflow-exec: the log is not kept: its outputs leave no room to name it\n");
  EXPECT_EQ(world.Message(), (artifact::ExecutorMessage{.outputs = std::string(200, 'x')}));
}

TEST(Program, TheLogOfACommandThatCannotRunSaysWhy) {
  World world;
  EXPECT_EQ(world.Run({"no-such-command"}, {"--log", "$log=1000:" + (world.folder / "log")}).code, 127);
  EXPECT_EQ(world.courier.received().back().bytes, "coreflow-exec: no-such-command: No such file or directory\n");
  EXPECT_EQ(world.Message().artifacts.count("$log"), 1u);
}

TEST(Program, EndsAsShellsDoWhenTheCommandIsKilledOrCannotRun) {
  World world;
  EXPECT_EQ(world.Shell("kill -KILL $$").code, 128 + SIGKILL);

  const ProgramEnd missing = world.Run({"no-such-command"});
  EXPECT_EQ(missing.code, 127);
  EXPECT_EQ(missing.complaint, "coreflow-exec: no-such-command: No such file or directory\n");
  EXPECT_EQ(world.Message().problem, "the command can't be run: no-such-command: No such file or directory");

  const std::string file = world.folder.Write("file", "");
  const ProgramEnd forbidden = world.Run({file});
  EXPECT_EQ(forbidden.code, 126);
  EXPECT_EQ(forbidden.complaint, "coreflow-exec: " + file + ": Permission denied\n");
}

TEST(Program, SaysWhatIsWrongWithItsWords) {
  const ProgramEnd end = RunProgram(kProgram, {"--socket", "here", "--", "true"});
  EXPECT_EQ(end.code, 125);
  EXPECT_EQ(end.complaint, "coreflow-exec: --socket: here is no absolute path\n");
}

TEST(Program, SaysThatItsMessageCannotBeWritten) {
  World world;
  world.folder.Folder("message");
  const ProgramEnd end = world.Shell("exit 3");
  EXPECT_EQ(end.code, 3);
  EXPECT_EQ(end.complaint, "coreflow-exec: " + (world.folder / "message") + ": Is a directory\n");
}

TEST(Program, AsProcess1HandsSignalsOnThatItHasNoHandlerFor) {
  World world;
  EXPECT_EQ(world.Shell("trap 'exit 42' TERM; kill -TERM $PPID; while :; do sleep 0.01; done").code, 42);
}

}  // namespace
}  // namespace coreflow::executor
