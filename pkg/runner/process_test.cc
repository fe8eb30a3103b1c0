#include "pkg/runner/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>

#include "pkg/apiserver/test_folder.h"
#include "pkg/runner/cgroups.h"

namespace coreflow::runner {
namespace {

using apiserver::TestFolder;
using std::chrono::steady_clock;

// As a shell has it; -1 when it does not end.
int Wait(const Process& process) {
  pollfd file{.fd = process.handle, .events = POLLIN, .revents = 0};
  siginfo_t info = {};
  if (poll(&file, 1, 20'000) != 1) return -1;
  EXPECT_EQ(waitid(static_cast<idtype_t>(P_PIDFD), static_cast<id_t>(process.handle), &info, WEXITED), 0);
  close(process.handle);
  return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

class ProcessTest : public testing::TestWithParam<bool> {
 protected:
  Launch Shell(const std::string& script, std::vector<Mount> mounts = {}) {
    return {.command = {"sh", "-c", script},
            .environment = {"PATH=/usr/bin:/bin", "WORD=a b"},
            .folder = "/",
            .log = folder / "log",
            .root = GetParam() ? folder.Folder("root") : "",
            .mounts = std::move(mounts)};
  }
  // Its exit code, or why it could not be started.
  std::string Run(const Launch& launch) {
    const auto process = Start(launch);
    if (!process) return std::string(CodeName(process.error().code)) + ": " + process.error().message;
    return std::to_string(Wait(*process));
  }
  std::string Log() const { return folder.Read("log"); }
  // Waits for what a program writes.
  bool Says(const std::string& text) const {
    const auto limit = steady_clock::now() + std::chrono::seconds(20);
    while (Log().find(text) == std::string::npos) {
      if (steady_clock::now() > limit) return false;
      poll(nullptr, 0, 2);
    }
    return true;
  }

  TestFolder folder;
};

TEST_P(ProcessTest, EndsAsTheProgramDoes) {
  EXPECT_EQ(Run(Shell("exit 0")), "0");
  EXPECT_EQ(Run(Shell("exit 3")), "3");
  EXPECT_EQ(Run(Shell("exit 255")), "255");
  EXPECT_EQ(Run(Shell("no-such-program-anywhere")), "127");
  EXPECT_EQ(Run(Shell("sh -c 'kill -9 $$'; exit $?")), "137");
}

TEST_P(ProcessTest, ASignalIs128AndItsNumber) {
  const auto process = Start(Shell("trap 'exit 9' USR1; echo ready; exec sleep 60"));
  ASSERT_TRUE(process.has_value());
  ASSERT_TRUE(Says("ready"));
  kill(process->pid, SIGKILL);
  EXPECT_EQ(Wait(*process), 137);
}

TEST_P(ProcessTest, SaysWhichProgramIsMissing) {
  Launch launch = Shell("");
  launch.command = {"no-such-program-anywhere"};
  EXPECT_EQ(Run(launch), "NotFound: can't run no-such-program-anywhere: No such file or directory");
  launch.command = {"/no/such/program"};
  EXPECT_EQ(Run(launch), "NotFound: can't run /no/such/program: No such file or directory");
  launch.command = {folder.Write("text", "no program")};
  EXPECT_EQ(Run(launch), "Invalid: can't run " + launch.command[0] + ": Permission denied");
}

TEST_P(ProcessTest, SaysWhichFolderIsMissing) {
  Launch launch = Shell("true");
  launch.folder = "/no/such/folder";
  EXPECT_EQ(Run(launch), "Invalid: can't enter /no/such/folder: No such file or directory");
}

TEST_P(ProcessTest, FailsWhenTheLogCantBeWritten) {
  Launch launch = Shell("true");
  launch.log = folder / "no/such/log";
  EXPECT_TRUE(Run(launch).ends_with("No such file or directory")) << Run(launch);
}

TEST_P(ProcessTest, SeesItsEnvironmentAndNoOther) {
  setenv("COREFLOW_TEST_LEAK", "leaked", 1);
  EXPECT_EQ(Run(Shell("echo \"$WORD,$COREFLOW_TEST_LEAK\"; pwd; cat; echo end >&2")), "0");
  EXPECT_EQ(Log(), "a b,\n/\nend\n");
}

TEST_P(ProcessTest, InheritsNoFiles) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);  // without close-on-exec
  EXPECT_EQ(Run(Shell("ls /proc/$$/fd | tr '\\n' ' '")), "0");
  EXPECT_TRUE(Log().starts_with("0 1 2 ")) << Log();
  EXPECT_EQ(Log().find(std::to_string(ends[1])), std::string::npos) << Log();
  close(ends[0]);
  close(ends[1]);
}

TEST_P(ProcessTest, AllOutputIsInTheLogWhenItHasEnded) {
  EXPECT_EQ(Run(Shell("seq 20000; echo last words >&2")), "0");
  const std::string log = Log();
  EXPECT_TRUE(log.ends_with("\n20000\nlast words\n"));
  EXPECT_EQ(std::ranges::count(log, '\n'), 20001);
}

TEST_P(ProcessTest, TheLogIsAppendedTo) {
  EXPECT_EQ(Run(Shell("echo one")), "0");
  EXPECT_EQ(Run(Shell("echo two")), "0");
  EXPECT_EQ(Log(), "one\ntwo\n");
}

TEST_P(ProcessTest, BlockedSignalsAreNotInherited) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  EXPECT_EQ(Run(Shell("grep SigBlk /proc/self/status | tr -d '\\t'")), "0");
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(Log(), "SigBlk:0000000000000000\n");
}

// Where we may make one, with or without controllers.
TEST_P(ProcessTest, StartsInItsCgroup) {
  for (const std::string root : {"/sys/fs/cgroup/unified", "/sys/fs/cgroup"}) {
    const std::string name = "coreflow-test-" + std::to_string(getpid());
    if (!std::filesystem::exists(root + "/cgroup.procs") || mkdir((root + "/" + name).c_str(), 0755) != 0) continue;
    Launch launch = Shell("cat /proc/self/cgroup");
    launch.cgroup = root + "/" + name;
    EXPECT_EQ(Run(launch), "0") << Log();
    EXPECT_NE(Log().find("0::/" + name + "\n"), std::string::npos) << Log();
    Cgroups::Remove(launch.cgroup);
    EXPECT_FALSE(std::filesystem::exists(launch.cgroup));
    return;
  }
}

// The pipe's other end is open for as long as any process has it.
TEST_P(ProcessTest, EndsWhenWhoeverStartedItIsKilled) {
  const std::string fifo = folder / "fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  const pid_t starter = fork();
  if (starter == 0) {
    const auto process = Start(Shell("exec 9>" + fifo + "; echo ready; exec sleep 60"));
    if (!process) _exit(1);
    for (;;) pause();
  }
  const int reader = open(fifo.c_str(), O_RDONLY | O_CLOEXEC);
  EXPECT_TRUE(Says("ready"));
  kill(starter, SIGKILL);
  int status = 0;
  ASSERT_EQ(waitpid(starter, &status, 0), starter);
  EXPECT_TRUE(WIFSIGNALED(status));
  pollfd gone{.fd = reader, .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&gone, 1, 20'000), 1) << "it lives on";
  close(reader);
}

INSTANTIATE_TEST_SUITE_P(Runner, ProcessTest, testing::Bool(),
                         [](const auto& info) { return info.param ? "Isolated" : "Plain"; });

class IsolatedTest : public ProcessTest {};

TEST_P(IsolatedTest, IsProcessOneOfItsOwn) {
  EXPECT_EQ(Run(Shell("echo $$; ls -d /proc/[0-9]* | wc -l")), "0") << Log();
  EXPECT_TRUE(Log().starts_with("1\n")) << Log();
  EXPECT_LT(std::stoi(Log().substr(2)), 6) << "it sees processes of the host";
}

TEST_P(IsolatedTest, SeesMountedFoldersAndFiles) {
  folder.Write("volume/x", "in the volume");
  const std::string file = folder.Write("file", "a file");
  EXPECT_EQ(Run(Shell("cat /data/x /etc/one-file; echo; echo new >/data/y; echo more >>/etc/one-file",
                      {{.source = folder / "volume", .target = "/data"}, {.source = file, .target = "/etc/one-file"}})),
            "0");
  EXPECT_EQ(Log(), "in the volumea file\n");
  EXPECT_EQ(folder.Read("volume/y"), "new\n");
  EXPECT_EQ(folder.Read("file"), "a filemore\n");
  EXPECT_FALSE(std::filesystem::exists("/data/x"));
  EXPECT_FALSE(std::filesystem::exists("/etc/one-file"));
}

TEST_P(IsolatedTest, TheHostsFilesAreBesideTheMounts) {
  EXPECT_EQ(Run(Shell("test -f /etc/passwd && test -c /dev/null && test -d /etc/inner && test -w /tmp",
                      {{.source = folder.Folder("volume"), .target = "/etc/inner"}})),
            "0")
      << Log();
}

TEST_P(IsolatedTest, ReadOnlyMountsCantBeWrittenTo) {
  folder.Write("volume/x", "old");
  const Mount mount{.source = folder / "volume", .target = "/data", .read_only = true};
  EXPECT_EQ(Run(Shell("cat /data/x; echo new >/data/x", {mount})), "2");
  EXPECT_EQ(Run(Shell("mount -o remount,rw,bind /data 2>/dev/null; test -r /data/x", {mount})), "0");
  EXPECT_EQ(folder.Read("volume/x"), "old");
  EXPECT_NE(Log().find("Read-only file system"), std::string::npos) << Log();
}

TEST_P(IsolatedTest, AMountBelowTheTemporaryFolderLeavesTheRestThere) {
  folder.Write("beside", "x");
  const std::string target = folder / "inner";
  EXPECT_EQ(Run(Shell("test -d " + target + " && test -f " + (folder / "beside"),
                      {{.source = folder.Folder("volume"), .target = target}})),
            "0")
      << Log();
}

TEST_P(IsolatedTest, SaysWhatCantBeMounted) {
  EXPECT_EQ(Run(Shell("true", {{.source = "/no/such/source", .target = "/data"}})),
            "Invalid: /no/such/source is not there to be mounted");
}

TEST_P(IsolatedTest, LeavesTheHostsMountsAlone) {
  const auto mounts = [] {
    std::ifstream file("/proc/self/mountinfo");
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string before = mounts();
  EXPECT_EQ(Run(Shell("mount -t tmpfs tmpfs /mnt 2>/dev/null; true")), "0");
  EXPECT_EQ(mounts(), before);
  EXPECT_TRUE(std::filesystem::is_empty(folder / "root"));
}

// The pipe's other end is open for as long as any process has it.
TEST_P(IsolatedTest, AllThatItHasStartedEndsWithIt) {
  const std::string fifo = folder.Folder("volume") + "/fifo";
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  const auto process =
      Start(Shell("exec 9>/data/fifo; setsid sleep 60 & (sleep 60 & sleep 60) & echo ready; exec sleep 60",
                  {{.source = folder / "volume", .target = "/data"}}));
  ASSERT_TRUE(process.has_value()) << process.error().message;
  const int reader = open(fifo.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_TRUE(Says("ready"));
  kill(process->pid, SIGKILL);
  EXPECT_EQ(Wait(*process), 137);
  pollfd gone{.fd = reader, .events = POLLIN, .revents = 0};
  EXPECT_EQ(poll(&gone, 1, 20'000), 1);
  char byte = 0;
  EXPECT_EQ(read(reader, &byte, 1), 0) << "some process still has the other end";
  close(reader);
}

INSTANTIATE_TEST_SUITE_P(Runner, IsolatedTest, testing::Values(true), [](const auto&) { return "Root"; });

}  // namespace
}  // namespace coreflow::runner
