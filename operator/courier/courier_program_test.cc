#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "pkg/base/hash.h"
#include "pkg/courier/test_job.h"
#include "pkg/files/descriptor.h"
#include "pkg/json/write.h"

namespace coreflow::courier {
namespace {

using data::TestService;
using testing::HasSubstr;
using testing::StartsWith;

// The program, started, and what it says on stderr and stdout.
class Program {
 public:
  Program(std::vector<std::string> arguments, const std::string& job) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    said_ = files::Descriptor(ends[0]);
    const files::Descriptor writer(ends[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    arguments.insert(arguments.begin(), COREFLOW_COURIER);
    std::string variable = std::string(artifact::kJobVariable) + "=" + job;
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    char* environment[] = {variable.data(), nullptr};
    EXPECT_EQ(::posix_spawn(&id_, COREFLOW_COURIER, &actions, nullptr, argv.data(), environment), 0);
    posix_spawn_file_actions_destroy(&actions);
  }

  std::string ReadLine() {
    std::string line;
    char next = 0;
    while (::read(said_.get(), &next, 1) == 1 && next != '\n') line += next;
    return line;
  }
  void Stop() const { ::kill(id_, SIGTERM); }
  // All that it says, then "exit 0", when it has ended.
  std::string End() {
    std::string said;
    char next = 0;
    while (::read(said_.get(), &next, 1) == 1) said += next;
    int status = 0;
    ::waitpid(id_, &status, 0);
    return said + "exit " + std::to_string(WEXITSTATUS(status));
  }

 private:
  pid_t id_ = 0;
  files::Descriptor said_;
};

class CourierProgram : public testing::Test {
 protected:
  std::string Run(const std::vector<std::string>& arguments, const artifact::CourierJob& job) {
    return Program(arguments, json::Write(ToJson(job))).End();
  }

  data::DataService::Options options_{.identity = *data::MakeIdentity()};
  TestService service_{options_};
  artifact::CourierJob job_ = JobAt(service_);
  TestFolder folder_;
  std::string volume_ = folder_.Folder("volume");
};

std::string Ask(const std::string& path, const std::string& text) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  std::memcpy(address.sun_path, path.data(), path.size());
  const files::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::connect(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  EXPECT_TRUE(files::WriteAll(socket, text, path).has_value());
  std::string answer;
  char next = 0;
  while (::read(socket.get(), &next, 1) == 1) answer += next;
  return answer;
}

TEST_F(CourierProgram, FetchesAndServesAsInAPod) {
  folder_.Write("exec", "a program");
  job_.inputs = {{.name = "model", .parcels = {Stored(service_, "weights")}}};
  job_.outputs = {{.name = "report"}};
  EXPECT_EQ(Run({"fetch", "--volume", volume_, "--exec", folder_ / "exec"}, job_), "exit 0");
  EXPECT_EQ(folder_.Read("volume/in/model"), "weights");
  EXPECT_EQ(folder_.Read("volume/bin/coreflow-exec"), "a program");

  Program serve({"serve", "--volume", volume_}, json::Write(ToJson(job_)));
  const std::string socket = volume_ + "/run/courier.sock";
  ASSERT_EQ(serve.ReadLine(), "coreflow-courier: takes artifacts at " + socket);
  EXPECT_EQ(Ask(socket, std::string("PUT report None\n\0\0\0\3abc\0\0\0\0", 27)), "OK " + Sha256Hex("abc") + " 3\n");
  EXPECT_EQ(Ask(socket, "PUT other None\n").substr(0, 6), "ERROR ");
  serve.Stop();
  EXPECT_EQ(serve.End(), "coreflow-courier: ERROR this step has no output artifact of the name other\nexit 0");
}

TEST_F(CourierProgram, SaysWhyItFailedAlsoToTheKubelet) {
  artifact::Parcel parcel = Stored(service_, "weights");
  parcel.token = "wrong";
  job_.inputs = {{.name = "model", .parcels = {parcel}}};
  const std::string log = folder_.Write("log", "what stood there before, and is longer than what is written to it now");
  const std::string why = "input model: the data service answers 401: this needs another token\n";
  EXPECT_EQ(Run({"fetch", "--volume", volume_, "--termination-log", log}, job_), "coreflow-courier: " + why + "exit 1");
  EXPECT_EQ(folder_.Read("log"), why);
  EXPECT_EQ(Run({"fetch", "--volume", volume_, "--termination-log", folder_ / "none"}, job_),
            "coreflow-courier: " + why + "exit 1");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "none"));
}

TEST_F(CourierProgram, EndsAlsoWhileItWaitsForTheService) {
  job_.inputs = {{.name = "model", .parcels = {Stored(service_, "weights")}}};
  service_.store.down = true;
  Program fetch({"fetch", "--volume", volume_}, json::Write(ToJson(job_)));
  EXPECT_THAT(fetch.ReadLine(), testing::EndsWith("503: the store is down; trying again"));
  fetch.Stop();
  EXPECT_EQ(fetch.End(), "exit 143");
}

TEST_F(CourierProgram, WantsAJobAndACommand) {
  const std::vector<std::string> fetch = {"fetch", "--volume", volume_, "--termination-log", folder_ / "none"};
  EXPECT_THAT(Program(fetch, "{}").End(), StartsWith("coreflow-courier: the courier's job: "));
  EXPECT_THAT(Program(fetch, "").End(), HasSubstr("exit 1"));
  EXPECT_THAT(Run({}, job_), HasSubstr("exit 2"));
  EXPECT_THAT(Run({"bring"}, job_), StartsWith("coreflow-courier: no command \"bring\": fetch or serve\n"));
  EXPECT_THAT(Run({"serve", "--exec", "x"}, job_), StartsWith("coreflow-courier: serve has no flag \"--exec\"\n"));
  EXPECT_THAT(Run({"fetch", "--volume"}, job_), StartsWith("coreflow-courier: --volume needs a path\n"));
  EXPECT_THAT(Run({"--help"}, job_), StartsWith("Moves the artifacts of one pod"));
  EXPECT_THAT(Run({"serve", "--volume", folder_ / "none", "--termination-log", folder_ / "none"}, job_),
              StartsWith("coreflow-courier: " + folder_ / "none/run/courier.sock"));
}

}  // namespace
}  // namespace coreflow::courier
