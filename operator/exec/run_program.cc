#include "operator/exec/run_program.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "pkg/base/check.h"
#include "pkg/files/descriptor.h"

namespace coreflow::executor {

namespace {

[[noreturn]] void Become(const std::string& program, std::vector<std::string> words, int complaints,
                         const std::function<void()>& prepare) {
  words.insert(words.begin(), program);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  dup2(complaints, STDERR_FILENO);
  setenv("PATH", "/usr/bin:/bin", 1);
  prepare();
  execv(program.c_str(), arguments.data());
  _exit(99);
}

int EndOf(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 200 + WTERMSIG(status);
}

}  // namespace

ProgramEnd RunProgram(const std::string& program, std::vector<std::string> words,
                      const std::function<void()>& prepare) {
  int ends[2];
  CHECK(pipe2(ends, O_CLOEXEC) == 0, "there are descriptors left");
  const files::Descriptor hear(ends[0]);
  files::Descriptor speak(ends[1]);
  // The one between enters the namespaces: their first child is process 1.
  const pid_t between = fork();
  if (between == 0) {
    const int ignored = unshare(CLONE_NEWPID | (geteuid() == 0 ? 0 : CLONE_NEWUSER));
    static_cast<void>(ignored);
    const pid_t child = fork();
    if (child == 0) Become(program, std::move(words), speak.get(), prepare);
    _exit(EndOf(child));
  }
  speak.Close();
  ProgramEnd end;
  std::array<char, 512> buffer;
  for (ssize_t count = 0; (count = read(hear.get(), buffer.data(), buffer.size())) > 0;) {
    end.complaint.append(buffer.data(), static_cast<size_t>(count));
  }
  end.code = EndOf(between);
  return end;
}

}  // namespace coreflow::executor
