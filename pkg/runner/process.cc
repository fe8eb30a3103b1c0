#include "pkg/runner/process.h"

#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

namespace coreflow::runner {

namespace {

// What the child did when it failed, sent to the parent. Between clone and exec only system calls are safe.
struct Trouble {
  const char* doing = nullptr;
  const char* path = nullptr;
  int error = 0;
};

// Everything that the child needs, ready before it is there.
struct Plan {
  std::vector<std::string> programs = {};  // candidates, by the PATH
  std::vector<char*> arguments = {};
  std::vector<char*> environment = {};
  std::string folder = {};
  std::string root = {};
  std::string proc = {};
  std::vector<MountStep> steps = {};
  std::string user_map = {};
  std::string group_map = {};
  bool isolated = false;
  int cgroup = -1;  // its list of processes
  int log = -1;
  int errors = -1;
  int trouble = -1;  // the pipe's end to write to
  int hear = -1;     // the parent's end of it
};

std::vector<char*> Pointers(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));  // exec's old signature
  pointers.push_back(nullptr);
  return pointers;
}

[[noreturn]] void Fail(const Plan& plan, const char* doing, const char* path) {
  const Trouble trouble{doing, path, errno};
  const ssize_t ignored = write(plan.trouble, &trouble, sizeof trouble);
  static_cast<void>(ignored);
  _exit(127);
}

void WriteFile(const Plan& plan, const char* path, std::string_view text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0 || write(file, text.data(), text.size()) < 0) Fail(plan, "map users", path);
  close(file);
}

void Bind(const Plan& plan, const MountStep& step) {
  if (mount(step.source.c_str(), step.path.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) {
    if (step.kind == MountStep::Kind::kBindIfThere && errno == ENOENT) return;
    Fail(plan, "mount", step.source.c_str());
  }
  if (step.kind != MountStep::Kind::kBindReadOnly) return;
  // Unlike a remount, this only adds: what a user namespace has locked stays.
  mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
  if (syscall(SYS_mount_setattr, AT_FDCWD, step.path.c_str(), AT_RECURSIVE, &attributes, sizeof attributes) != 0) {
    Fail(plan, "mount read-only", step.source.c_str());
  }
}

void Do(const Plan& plan, const MountStep& step) {
  switch (step.kind) {
    case MountStep::Kind::kFolder:
      if (mkdir(step.path.c_str(), 0755) != 0 && errno != EEXIST) Fail(plan, "make", step.path.c_str());
      return;
    case MountStep::Kind::kFile: {
      const int file = open(step.path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
      if (file < 0) Fail(plan, "make", step.path.c_str());
      close(file);
      return;
    }
    case MountStep::Kind::kLink:
      if (symlink(step.source.c_str(), step.path.c_str()) != 0) Fail(plan, "link", step.path.c_str());
      return;
    case MountStep::Kind::kBind:
    case MountStep::Kind::kBindIfThere:
    case MountStep::Kind::kBindReadOnly: return Bind(plan, step);
  }
}

void EnterRoot(const Plan& plan) {
  if (!plan.user_map.empty()) {
    WriteFile(plan, "/proc/self/setgroups", "deny");
    WriteFile(plan, "/proc/self/uid_map", plan.user_map);
    WriteFile(plan, "/proc/self/gid_map", plan.group_map);
  }
  const char* root = plan.root.c_str();
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) Fail(plan, "keep mounts private", "/");
  if (mount("tmpfs", root, "tmpfs", 0, "mode=755") != 0) Fail(plan, "make a root in", root);
  for (const MountStep& step : plan.steps) Do(plan, step);
  if (mkdir(plan.proc.c_str(), 0555) != 0) Fail(plan, "make", plan.proc.c_str());
  // In a container one may not be allowed a new /proc: then the old one does.
  if (mount("proc", plan.proc.c_str(), "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0 &&
      mount("/proc", plan.proc.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) {
    Fail(plan, "mount", "/proc");
  }
  if (chdir(root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0) {
    Fail(plan, "enter", root);
  }
}

[[noreturn]] void Child(const Plan& plan) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // Whoever died before that sends no signal, but reads the pipe no more.
  close(plan.hear);
  pollfd parent{.fd = plan.trouble, .events = 0, .revents = 0};
  if (poll(&parent, 1, 0) > 0 && (parent.revents & POLLERR) != 0) _exit(127);
  setsid();
  if (plan.cgroup >= 0 && write(plan.cgroup, "0", 1) < 0) Fail(plan, "enter", "the container's cgroup");
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (dup2(input, STDIN_FILENO) < 0 || dup2(plan.log, STDOUT_FILENO) < 0 || dup2(plan.errors, STDERR_FILENO) < 0) {
    Fail(plan, "open", "the log");
  }
  syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC);
  if (plan.isolated) EnterRoot(plan);
  if (chdir(plan.folder.c_str()) != 0) Fail(plan, "enter", plan.folder.c_str());
  int error = ENOENT;
  for (const std::string& program : plan.programs) {
    execve(program.c_str(), plan.arguments.data(), plan.environment.data());
    if (errno != ENOENT && errno != ENOTDIR) error = errno;
  }
  errno = error;
  Fail(plan, "run", plan.arguments.front());
}

std::vector<std::string> Candidates(const Launch& launch) {
  const std::string& program = launch.command.front();
  if (program.find('/') != std::string::npos) return {program};
  std::string path = "/usr/local/bin:/usr/bin:/bin";
  for (const std::string& variable : launch.environment) {
    if (variable.starts_with("PATH=")) path = variable.substr(5);
  }
  std::vector<std::string> all;
  for (size_t at = 0; at <= path.size();) {
    const size_t end = std::min(path.find(':', at), path.size());
    if (end > at) all.push_back(path.substr(at, end - at) + "/" + program);
    at = end + 1;
  }
  return all;
}

Result<Plan> Prepare(const Launch& launch) {
  Plan plan{.programs = Candidates(launch),
            .arguments = Pointers(launch.command),
            .environment = Pointers(launch.environment),
            .folder = launch.folder.empty() ? "/" : launch.folder,
            .root = launch.root,
            .proc = launch.root + "/proc",
            .isolated = !launch.root.empty()};
  if (!plan.isolated) return plan;
  TRY(plan.steps, PlanMounts(launch.root, launch.mounts, launch.image));
  if (geteuid() != 0) {
    plan.user_map = std::to_string(geteuid()) + " " + std::to_string(geteuid()) + " 1";
    plan.group_map = std::to_string(getegid()) + " " + std::to_string(getegid()) + " 1";
  }
  return plan;
}

int OpenLog(const std::string& path) { return open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600); }

Error Explain(const Trouble& trouble) {
  const Code code = std::string_view(trouble.doing) != "run"              ? Code::kInvalid
                    : trouble.error == ENOENT || trouble.error == ENOTDIR ? Code::kNotFound
                                                                          : Code::kInvalid;
  return {.code = code,
          .message = std::string("can't ") + trouble.doing + " " + trouble.path + ": " + std::strerror(trouble.error)};
}

// What the child says before it has become the program; nothing when it has.
Result<void> Hear(int pipe) {
  Trouble trouble;
  ssize_t got = 0;
  do {
    got = read(pipe, &trouble, sizeof trouble);
  } while (got < 0 && errno == EINTR);
  if (got == sizeof trouble) return Explain(trouble);
  return {};
}

}  // namespace

Result<Process> Start(const Launch& launch) {
  TRY(Plan plan, Prepare(launch));
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return Error{.code = Code::kUnavailable, .message = std::string("can't make a pipe: ") + std::strerror(errno)};
  }
  plan.trouble = ends[1];
  plan.hear = ends[0];
  plan.log = OpenLog(launch.log);
  plan.errors = OpenLog(launch.errors.empty() ? launch.log : launch.errors);
  if (!launch.cgroup.empty()) plan.cgroup = open((launch.cgroup + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC);
  Process process;
  unsigned long flags = CLONE_PIDFD | SIGCHLD;
  if (plan.isolated) flags |= CLONE_NEWNS | CLONE_NEWPID | (plan.user_map.empty() ? 0 : CLONE_NEWUSER);
  const bool opened = plan.log >= 0 && plan.errors >= 0 && (launch.cgroup.empty() || plan.cgroup >= 0);
  const long pid = !opened ? -1 : syscall(SYS_clone, flags, nullptr, &process.handle, nullptr, 0);
  if (pid == 0) Child(plan);
  const int error = errno;
  close(ends[1]);
  if (plan.log >= 0) close(plan.log);
  if (plan.errors >= 0) close(plan.errors);
  if (plan.cgroup >= 0) close(plan.cgroup);
  Result<void> heard = pid < 0 ? Error{.code = error == EPERM || error == ENOSPC ? Code::kForbidden : Code::kInvalid,
                                       .message = "can't start a process: " + std::string(std::strerror(error))}
                               : Hear(ends[0]);
  close(ends[0]);
  process.pid = static_cast<pid_t>(pid);
  if (!heard && pid > 0) {
    siginfo_t info;
    waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED);
    close(process.handle);
  }
  TRY_VOID(heard);
  return process;
}

}  // namespace coreflow::runner
