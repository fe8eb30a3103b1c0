#include "pkg/runner/cgroups.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace coreflow::runner {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "coreflow-";
constexpr char kEnable[] = "+cpu +memory";

Error Forbidden(std::string message) { return {.code = Code::kForbidden, .message = std::move(message)}; }

std::string Read(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// An errno; 0 when it is written. Such files are never made.
int Write(const std::string& path, std::string_view text) {
  const int file = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (file < 0) return errno;
  const int error = write(file, text.data(), text.size()) < 0 ? errno : 0;
  close(file);
  return error;
}

Result<void> Set(const std::string& path, std::string_view text) {
  if (const int error = Write(path, text)) return Forbidden("can't write " + path + ": " + std::strerror(error));
  return {};
}

bool Has(const std::string& controllers, const std::string& name) {
  return (" " + controllers).find(" " + name) != std::string::npos;
}

bool HasBoth(const std::string& path) {
  const std::string controllers = Read(path);
  return Has(controllers, "cpu") && Has(controllers, "memory");
}

// Those of processes that are no more. What is not empty stays.
void RemoveOrphans(const std::string& parent) {
  std::vector<std::string> orphans;
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename();
    pid_t pid = 0;
    if (!name.starts_with(kPrefix)) continue;
    const auto [rest, wrong] = std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), pid);
    if (wrong == std::errc() && pid > 0 && kill(pid, 0) != 0 && errno == ESRCH) orphans.push_back(entry->path());
  }
  for (const std::string& orphan : orphans) {
    std::vector<std::string> children;
    for (fs::directory_iterator entry(orphan, error), end; !error && entry != end; entry.increment(error)) {
      if (entry->is_directory(error)) children.push_back(entry->path());
    }
    for (const std::string& child : children) rmdir(child.c_str());
    rmdir(orphan.c_str());
  }
}

}  // namespace

std::string OwnCgroup(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (line.starts_with("0::")) return std::string(line.substr(3));
    at = end + 1;
  }
  return "";
}

int64_t OomKills(std::string_view memory_events) {
  constexpr std::string_view kName = "oom_kill ";
  for (size_t at = 0; at < memory_events.size();) {
    const size_t end = std::min(memory_events.find('\n', at), memory_events.size());
    const std::string_view line = memory_events.substr(at, end - at);
    int64_t count = 0;
    if (line.starts_with(kName)) {
      std::from_chars(line.data() + kName.size(), line.data() + line.size(), count);
      return count;
    }
    at = end + 1;
  }
  return 0;
}

Result<std::unique_ptr<Cgroups>> Cgroups::Open(const std::string& root) {
  struct statfs file_system = {};
  if (statfs(root.c_str(), &file_system) != 0 || file_system.f_type != CGROUP2_SUPER_MAGIC) {
    return Forbidden(root + " is no cgroup of version 2");
  }
  std::string parent = root;
  if (geteuid() != 0) {
    const std::string own = OwnCgroup(Read("/proc/self/cgroup"));
    if (own.empty()) return Forbidden("this process is in no cgroup of version 2");
    if (own != "/") parent += own;
  }
  if (!HasBoth(parent + "/cgroup.controllers")) return Forbidden(parent + " has no controllers for cpu and memory");
  RemoveOrphans(parent);
  const std::string folder = parent + "/" + std::string(kPrefix) + std::to_string(getpid());
  if (mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) {
    return Forbidden("can't make " + folder + ": " + std::strerror(errno));
  }
  std::unique_ptr<Cgroups> cgroups(new Cgroups(parent, folder));
  TRY_VOID(cgroups->Enable());
  return cgroups;
}

Result<void> Cgroups::Enable() {
  const std::string control = parent_ + "/cgroup.subtree_control";
  if (!HasBoth(control) && Write(control, kEnable) == EBUSY) {
    // Where controllers are handed on there may be no processes.
    refuge_ = folder_ + ".self";
    if (mkdir(refuge_.c_str(), 0755) != 0) return Forbidden("can't make " + refuge_ + ": " + std::strerror(errno));
    TRY_VOID(Set(refuge_ + "/cgroup.procs", "0"));
  }
  if (!HasBoth(control)) TRY_VOID(Set(control, kEnable));
  return Set(folder_ + "/cgroup.subtree_control", kEnable);
}

Cgroups::~Cgroups() {
  std::error_code error;
  std::vector<std::string> left;
  for (fs::directory_iterator entry(folder_, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->is_directory(error)) left.push_back(entry->path());
  }
  for (const std::string& cgroup : left) Remove(cgroup);
  rmdir(folder_.c_str());
  if (refuge_.empty()) return;
  Write(parent_ + "/cgroup.subtree_control", "-cpu -memory");
  Write(parent_ + "/cgroup.procs", "0");
  rmdir(refuge_.c_str());
}

Result<std::string> Cgroups::Make(const std::string& name, const Limits& limits) const {
  const std::string cgroup = folder_ + "/" + name;
  if (mkdir(cgroup.c_str(), 0755) != 0 && errno != EEXIST) {
    return Forbidden("can't make " + cgroup + ": " + std::strerror(errno));
  }
  for (const CgroupSetting& setting : SettingsOf(limits)) {
    auto set = Set(cgroup + "/" + setting.file, setting.text);
    if (set || setting.optional) continue;
    Remove(cgroup);
    return set.error();
  }
  return cgroup;
}

bool Cgroups::OutOfMemory(const std::string& cgroup) { return OomKills(Read(cgroup + "/memory.events")) > 0; }

void Cgroups::Remove(const std::string& cgroup) {
  Write(cgroup + "/cgroup.kill", "1");
  rmdir(cgroup.c_str());
}

}  // namespace coreflow::runner
