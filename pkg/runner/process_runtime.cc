#include "pkg/runner/process_runtime.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "pkg/base/hash.h"
#include "pkg/runner/images.h"

namespace coreflow::runner {

namespace {

namespace fs = std::filesystem;

Variables HostVariables(const std::string& host_name) {
  Variables all = {{"HOSTNAME", host_name}};
  for (const char* name : {"PATH", "HOME", "LANG", "TZ"}) {
    if (const char* value = std::getenv(name)) all[name] = value;
  }
  return all;
}

// What container runtimes set.
Variables ImageVariables(const std::string& host_name) {
  return {{"HOSTNAME", host_name},
          {"HOME", "/root"},
          {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}};
}

// As the kubelet lays them over an image's own.
std::vector<Mount> NetworkFiles() {
  std::vector<Mount> mounts;
  for (const char* path : {"/etc/hosts", "/etc/resolv.conf"}) {
    std::error_code error;
    if (fs::exists(path, error)) mounts.push_back({.source = path, .target = path, .read_only = true});
  }
  return mounts;
}

}  // namespace

ProcessRuntime::ProcessRuntime(Loop& loop, Options options)
    : loop_(loop), options_(std::move(options)), reaper_(loop) {}

ProcessRuntime::~ProcessRuntime() {
  for (const auto& [id, running] : running_) Signal(id, SIGKILL);
  reaper_.WaitForAll();
}

void ProcessRuntime::Prepare(const json::Value& /*pod*/, Ready ready) { ready(std::nullopt); }

// What runs is what is installed here; what is in a folder nobody knows.
std::string ProcessRuntime::ImageId(const std::string& image) const {
  if (!FolderOfImage(options_.images, image).empty()) return "";
  std::ifstream release("/etc/os-release");
  const std::string text((std::istreambuf_iterator<char>(release)), std::istreambuf_iterator<char>());
  return "this-machine@sha256:" + Sha256Hex(image + "\n" + text);
}

Result<Launch> ProcessRuntime::LaunchOf(const ContainerToRun& container) const {
  if (container.command.empty()) {
    return Error{.code = Code::kInvalid,
                 .message = "container " + container.name + " has no command: images are not run here, so that of " +
                            (container.image.empty() ? "its image" : container.image) + " is not known"};
  }
  Launch launch{
      .command = container.command, .log = container.log, .image = FolderOfImage(options_.images, container.image)};
  launch.command.insert(launch.command.end(), container.args.begin(), container.args.end());
  if (!launch.image.empty()) launch.mounts = NetworkFiles();
  launch.mounts.insert(launch.mounts.end(), container.mounts.begin(), container.mounts.end());
  if (options_.isolated) {
    launch.root = container.folder + "/root";
    launch.mounts.push_back({.source = container.message_file, .target = container.message_path});
  } else if (!launch.mounts.empty()) {
    return Error{.code = Code::kInvalid, .message = "volumes need namespaces, which this machine does not let us make"};
  }
  // The container's own win.
  Variables all = launch.image.empty() ? HostVariables(container.pod) : ImageVariables(container.pod);
  for (const auto& [variable, value] : container.variables) {
    all[variable] = !options_.isolated && value == container.message_path ? container.message_file : value;
  }
  for (const auto& [variable, value] : all) launch.environment.push_back(variable + "=" + value);
  launch.folder = !container.work_folder.empty() ? container.work_folder
                  : !launch.image.empty()        ? "/"
                  : options_.isolated            ? "/tmp"
                                                 : container.folder;
  return launch;
}

Result<void> ProcessRuntime::Start(const ContainerToRun& container, Ended ended) {
  TRY(Launch launch, LaunchOf(container));
  if (launch.image.empty() && !container.image.empty()) {
    Note("image " + container.image + " is ignored: its containers run with this machine's files");
  }
  std::error_code error;
  if (options_.isolated) fs::create_directories(launch.root, error);
  launch.cgroup = CgroupFor(container);
  const auto process = runner::Start(launch);
  const Time now = loop_.Now();
  if (!process) {
    if (!launch.cgroup.empty()) Cgroups::Remove(launch.cgroup);
    // As a container runtime has it: what can't be run has run, and failed.
    const apiserver::ContainerExit exit{.exit_code = process.error().code == Code::kNotFound ? 127 : 128,
                                        .reason = "StartError",
                                        .message = process.error().message,
                                        .started = now,
                                        .finished = now};
    loop_.Post([ended = std::move(ended), exit, alive = std::weak_ptr<bool>(alive_)] {
      if (!alive.expired()) ended(exit);
    });
    return {};
  }
  running_[container.id] = {.pid = process->pid, .cgroup = launch.cgroup, .started = now, .ended = std::move(ended)};
  reaper_.Watch(*process, [this, id = container.id, alive = std::weak_ptr<bool>(alive_)](int code) {
    if (!alive.expired()) OnExit(id, code);
  });
  return {};
}

void ProcessRuntime::OnExit(const std::string& id, int exit_code) {
  const Running ended = std::move(running_.extract(id).mapped());
  const bool starved = exit_code != 0 && !ended.cgroup.empty() && Cgroups::OutOfMemory(ended.cgroup);
  if (!ended.cgroup.empty()) Cgroups::Remove(ended.cgroup);
  ended.ended({.exit_code = starved ? 137 : exit_code,
               .reason = starved          ? "OOMKilled"
                         : exit_code == 0 ? "Completed"
                                          : "Error",
               .started = ended.started,
               .finished = loop_.Now()});
}

void ProcessRuntime::Signal(const std::string& id, int signal) {
  const auto found = running_.find(id);
  if (found != running_.end()) kill(options_.isolated ? found->second.pid : -found->second.pid, signal);
}

// Empty when it has no limits, or none can be set here.
std::string ProcessRuntime::CgroupFor(const ContainerToRun& container) {
  if (container.limits == Limits()) return "";
  auto made = cgroups_ ? (*cgroups_)->Make(container.id, container.limits) : cgroups_.error();
  if (made) return *made;
  Note("limits of resources are not enforced: " + made.error().message);
  return "";
}

void ProcessRuntime::Note(const std::string& text) {
  if (options_.note && noted_.insert(text).second) options_.note(text);
}

bool ProcessRuntime::CanIsolate(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder + "/root", error);
  const auto started =
      runner::Start({.command = {"true"}, .folder = "/", .log = "/dev/null", .root = folder + "/root"});
  return started && WaitForEnd(*started) == 0;
}

}  // namespace coreflow::runner
