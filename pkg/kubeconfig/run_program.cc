#include "pkg/kubeconfig/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace coreflow::kubeconfig {

namespace {

using Clock = std::chrono::steady_clock;
constexpr size_t kMostErrors = 1024;

class File {
 public:
  File() = default;
  explicit File(int number) : number_(number) {}
  ~File() { Close(); }
  File(File&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  File& operator=(File&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int number() const { return number_; }
  bool open() const { return number_ >= 0; }
  void Close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }

 private:
  int number_ = -1;
};

struct Pipe {
  File read;
  File write;
};

Result<Pipe> NewPipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return Error{.code = Code::kUnavailable, .message = std::string("can't make a pipe: ") + std::strerror(errno)};
  }
  Pipe pipe{File(ends[0]), File(ends[1])};
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return pipe;
}

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));  // posix_spawn's old signature
  pointers.push_back(nullptr);
  return pointers;
}

Result<pid_t> Spawn(const Program& program, const Pipe& output, const Pipe& errors) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, output.write.number(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, errors.write.number(), STDERR_FILENO);
  // Sockets that libraries opened without close-on-exec must not live on in it.
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);

  std::vector<std::string> words = {program.command};
  words.insert(words.end(), program.args.begin(), program.args.end());
  pid_t pid = 0;
  int error = posix_spawnp(&pid, program.command.c_str(), &files, &attributes, Pointers(words).data(),
                           Pointers(program.environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (error == 0) return pid;
  return Error{.code = error == ENOENT ? Code::kNotFound : Code::kInvalid,
               .message = "can't run " + program.command + ": " + std::strerror(error)};
}

// Reads what is there; closes the file at its end.
void Drain(File& file, std::string& text, size_t most) {
  std::array<char, 16384> buffer{};
  while (file.open() && text.size() <= most) {
    ssize_t got = ::read(file.number(), buffer.data(), buffer.size());
    if (got > 0) {
      text.append(buffer.data(), static_cast<size_t>(got));
    } else if (got == 0 || errno != EAGAIN) {
      file.Close();
    } else {
      return;
    }
  }
}

// Reads until the process behind `process` has ended.
Result<Outcome> Follow(const Program& program, const File& process, Pipe& output, Pipe& errors) {
  Outcome outcome;
  Clock::time_point end = Clock::now() + program.timeout;
  while (true) {
    std::array<pollfd, 3> files{pollfd{process.number(), POLLIN, 0}, pollfd{output.read.number(), POLLIN, 0},
                                pollfd{errors.read.number(), POLLIN, 0}};
    auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    if (left > 0) ::poll(files.data(), files.size(), static_cast<int>(left));
    Drain(output.read, outcome.output, program.max_output);
    std::string more;
    Drain(errors.read, more, size_t{1} << 16);
    outcome.errors.append(more, 0, kMostErrors - outcome.errors.size());
    if (outcome.output.size() > program.max_output) {
      return Error{.code = Code::kInvalid,
                   .message = program.command + " wrote more than " + std::to_string(program.max_output) + " bytes"};
    }
    if (files[0].revents != 0) return outcome;
    if (Clock::now() >= end) {
      return Error{
          .code = Code::kUnavailable,
          .message = program.command + " did not end within " + std::to_string(program.timeout.count()) + " ms"};
    }
  }
}

}  // namespace

Result<Outcome> RunProgram(const Program& program) {
  TRY(Pipe output, NewPipe());
  TRY(Pipe errors, NewPipe());
  TRY(pid_t pid, Spawn(program, output, errors));
  output.write.Close();
  errors.write.Close();
  // glibc 2.36 declares pidfd_open() without extern "C".
  File process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  auto outcome = process.open() ? Follow(program, process, output, errors)
                                : Result<Outcome>(Error{Code::kUnavailable, "this kernel has no pidfd_open"});
  // Its process group: what it started in the background goes with it.
  ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!outcome) return outcome;
  outcome->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

}  // namespace coreflow::kubeconfig
