#include "pkg/runner/local_node.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "pkg/apiserver/object.h"
#include "pkg/runner/log_times.h"

namespace coreflow::runner {

namespace {

namespace fs = std::filesystem;
using apiserver::Part;

constexpr char kAgent[] = "local-node";
constexpr char kAddress[] = "127.0.0.1";
constexpr Duration kTryAgain = std::chrono::seconds(5);
constexpr Duration kFirstBackOff = std::chrono::seconds(10);
constexpr Duration kLongestBackOff = std::chrono::minutes(5);
constexpr Duration kForgiven = std::chrono::minutes(10);        // a sidecar that ran for so long is restarted at once
constexpr Duration kLogTimes = std::chrono::milliseconds(100);  // how exact they are
constexpr Duration kLastWords = std::chrono::seconds(1);        // from a pod's end to that of its files

bool IsSidecar(const json::Value& container) { return container["restartPolicy"] == json::Value("Always"); }

Duration Longer(Duration back_off) {
  return back_off == Duration() ? kFirstBackOff : std::min(2 * back_off, kLongestBackOff);
}

bool HasEnded(const json::Value& pod) {
  const std::string phase = pod["status"]["phase"].StringOr("");
  return phase == "Succeeded" || phase == "Failed";
}

std::string ReadTail(const std::string& path, size_t most) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return "";
  const auto size = static_cast<size_t>(file.tellg());
  file.seekg(static_cast<std::streamoff>(size > most ? size - most : 0));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

struct LocalNode::Container {
  enum class State { kWaiting, kRunning, kEnded };
  State state = State::kWaiting;
  uint64_t log_noted = 0;  // as NoteLogTime gave it
  int starts = 0;
  Duration back_off = {};  // before its last start
};

struct LocalNode::Pod {
  std::string name_space = {};
  std::string name = {};
  std::string uid = {};
  json::Value spec = {};
  std::map<std::string, Container> containers = {};  // init containers too
  std::map<std::string, apiserver::ContainerExit> exits = {};
  std::map<std::string, std::string> image_ids = {};  // of those that have started
  Obstacle obstacle = {};                             // why its images could not be had
  Duration back_off = {};                             // until they are asked for again
  bool shown = false;                                 // as running
  bool stopping = false;                              // its containers were told to end
  bool deleting = false;
  std::string reason = {};  // why the pod itself failed
  std::string message = {};

  // Of the container, as it was started last.
  std::string IdOf(const std::string& container) const {
    const int starts = containers.at(container).starts;
    return uid + "." + container + (starts > 1 ? "." + std::to_string(starts) : "");
  }

  const json::Value* FindInit(const std::string& container) const {
    const json::Array& all = spec["initContainers"].Elements();
    const auto found =
        std::ranges::find_if(all, [&](const auto& one) { return one["name"].StringOr("") == container; });
    return found == all.end() ? nullptr : &*found;
  }

  bool IsSidecarOf(const std::string& container) const {
    const json::Value* init = FindInit(container);
    return init && IsSidecar(*init);
  }

  // Something else than sidecars.
  bool RunsOthers() const {
    return std::ranges::any_of(containers, [this](const auto& one) {
      return one.second.state == Container::State::kRunning && !IsSidecarOf(one.first);
    });
  }

  bool Runs() const {
    return std::ranges::any_of(containers,
                               [](const auto& one) { return one.second.state == Container::State::kRunning; });
  }
};

LocalNode::LocalNode(Loop& loop, apiserver::Registry& registry, std::unique_ptr<ContainerRuntime> runtime,
                     Options options)
    : loop_(loop), registry_(registry), options_(std::move(options)), runtime_(std::move(runtime)) {
  registry_.store().Observe([this, alive = std::weak_ptr<bool>(alive_)](const apiserver::Change& change) {
    if (!alive.expired()) OnChange(change);
  });
  for (const auto& [key, version] : apiserver::Store::Objects(registry_.store().List(apiserver::Pods()))) {
    Adopt(version->object(), true);
  }
  DropFolders();
}

LocalNode::~LocalNode() { runtime_.reset(); }

// Those of pods that went while no node was there to see it, and the volumes of all, which have ended.
void LocalNode::DropFolders() const {
  std::set<std::string> known;
  for (const auto& [key, version] : apiserver::Store::Objects(registry_.store().List(apiserver::Pods()))) {
    known.insert(apiserver::UidOf(version->object()));
  }
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(options_.folder, error)) {
    std::error_code ignored;
    if (known.contains(entry.path().filename())) {
      RemoveVolumes(entry.path());
    } else {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

void LocalNode::Adopt(const json::Value& object, bool may_have_run) {
  const std::string node = object["spec"]["nodeName"].StringOr("");
  if (HasEnded(object) || (!node.empty() && node != options_.name)) return;
  auto pod = std::make_unique<Pod>(Pod{.name_space = apiserver::NamespaceOf(object),
                                       .name = apiserver::NameOf(object),
                                       .uid = apiserver::UidOf(object),
                                       .spec = object["spec"],
                                       .deleting = apiserver::IsBeingDeleted(object)});
  Pod& kept = *(pods_[pod->uid] = std::move(pod));
  if (!node.empty() && may_have_run) return Finish(kept);
  loop_.Post([this, uid = kept.uid, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) Accept(uid);
  });
}

void LocalNode::OnChange(const apiserver::Change& change) {
  if (change.resource != &apiserver::Pods()) return;
  const json::Value& object = change.after ? change.after->object() : change.before->object();
  if (!change.after) return Forget(apiserver::UidOf(object));
  const auto found = pods_.find(apiserver::UidOf(object));
  if (found == pods_.end()) {
    if (!change.before) Adopt(object, false);
    return;
  }
  Pod& pod = *found->second;
  if (!apiserver::IsBeingDeleted(object)) return;
  // Asked once more, or while it is stopping anyway, it may get less time than it had.
  const json::Value& grace = object["metadata"]["deletionGracePeriodSeconds"];
  if (pod.deleting && change.before && grace == change.before->object()["metadata"]["deletionGracePeriodSeconds"])
    return;
  pod.deleting = true;
  loop_.Post([this, uid = pod.uid, grace = grace.IntOr(0), alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired() || !pods_.contains(uid)) return;
    if (pods_.at(uid)->stopping) return KillAfter(uid, grace);
    Stop(*pods_.at(uid), "", "");
  });
}

void LocalNode::Forget(const std::string& uid) {
  if (const auto found = pods_.find(uid); found != pods_.end()) {
    Signal(*found->second, SIGKILL);
    pods_.erase(found);
  }
  loop_.After(kLastWords, [folder = FolderOf(uid)] {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
  });
}

json::Value LocalNode::Current(const Pod& pod) const {
  const auto found = registry_.store().Get(apiserver::Pods(), pod.name_space + "/" + pod.name);
  return found && apiserver::UidOf(found->object()) == pod.uid ? found->object() : json::Value();
}

void LocalNode::Accept(const std::string& uid) {
  const auto found = pods_.find(uid);
  if (found == pods_.end() || found->second->deleting) return;
  Pod& pod = *found->second;
  Write(pod, Part::kBinding,
        [&](const json::Value& object) { return apiserver::BoundPod(object, options_.name, loop_.Now()); });
  for (const char* list : {"initContainers", "containers"}) {
    for (const json::Value& spec : pod.spec[list].Elements()) pod.containers[spec["name"].StringOr("")];
  }
  KeepDeadline(pod);
  Begin(uid);
}

// The ConfigMaps and Secrets of its namespace.
Lookup LocalNode::LookupFor(const Pod& pod) const {
  return [this, name_space = pod.name_space](std::string_view resource, const std::string& name) {
    const auto& kind = resource == "secrets" ? apiserver::Secrets() : apiserver::ConfigMaps();
    const auto object = registry_.store().Get(kind, name_space + "/" + name);
    return object ? object->object() : json::Value();
  };
}

void LocalNode::Begin(const std::string& uid) {
  const auto found = pods_.find(uid);
  if (found == pods_.end() || found->second->stopping) return;
  Pod& pod = *found->second;
  std::error_code error;
  fs::create_directories(FolderOf(uid), error);
  if (auto made = MakeVolumes(Current(pod), FolderOf(uid), options_.host_paths, LookupFor(pod)); !made) {
    return Fail(pod, made.error());
  }
  const auto said = std::make_shared<bool>(false);
  runtime_->Prepare(Current(pod), [this, uid, said, alive = std::weak_ptr<bool>(alive_)](const auto& obstacle) {
    *said = true;
    if (!alive.expired()) OnReady(uid, obstacle);
  });
  if (*said || pod.back_off != Duration()) return;
  Write(pod, Part::kStatus,
        [&](const json::Value& object) { return apiserver::CreatingPod(object, kAddress, loop_.Now()); });
}

void LocalNode::OnReady(const std::string& uid, const std::optional<Obstacle>& obstacle) {
  const auto found = pods_.find(uid);
  if (found == pods_.end() || found->second->stopping) return;
  if (obstacle) return Wait(*found->second, *obstacle);
  Go(*found->second);
}

// Starts what can be started now: init containers one after another, sidecars among them, then all others at once.
void LocalNode::Go(Pod& pod) {
  if (pod.stopping) return;
  for (const json::Value& spec : pod.spec["initContainers"].Elements()) {
    Container& container = pod.containers[spec["name"].StringOr("")];
    if (container.state == Container::State::kWaiting) {
      if (auto started = StartContainer(pod, spec, container); !started) return Fail(pod, started.error());
    }
    if (IsSidecar(spec)) continue;
    const auto exit = pod.exits.find(spec["name"].StringOr(""));
    const bool failed = exit != pod.exits.end() && exit->second.exit_code != 0;
    if (container.state == Container::State::kRunning || failed) return;
  }
  for (const json::Value& spec : pod.spec["containers"].Elements()) {
    Container& container = pod.containers[spec["name"].StringOr("")];
    if (container.state != Container::State::kWaiting) continue;
    if (auto started = StartContainer(pod, spec, container); !started) return Fail(pod, started.error());
  }
  if (std::exchange(pod.shown, true)) return;
  Write(pod, Part::kStatus, [&](const json::Value& object) {
    return apiserver::WithImageIds(apiserver::RunningPod(object, kAddress, loop_.Now()), pod.image_ids);
  });
}

Result<ContainerToRun> LocalNode::Resolve(const Pod& pod, const json::Value& spec) const {
  const std::string folder = FolderOf(pod.uid);
  const std::string name = spec["name"].StringOr("");
  const json::Value object = Current(pod);
  ContainerToRun container{.id = pod.IdOf(name),
                           .name = name,
                           .pod = pod.name,
                           .image = spec["image"].StringOr(""),
                           .work_folder = spec["workingDir"].StringOr(""),
                           .message_file = folder + "/" + name + ".message",
                           .message_path = spec["terminationMessagePath"].StringOr("/dev/termination-log"),
                           .folder = folder,
                           .log = folder + "/" + name + ".log",
                           .limits = LimitsOf(spec)};
  TRY(container.variables, VariablesOf(object, spec, LookupFor(pod)));
  for (const json::Value& word : spec["command"].Elements()) {
    container.command.push_back(Expand(word.StringOr(""), container.variables));
  }
  for (const json::Value& word : spec["args"].Elements()) {
    container.args.push_back(Expand(word.StringOr(""), container.variables));
  }
  TRY(container.mounts, MountsOf(object, spec, folder));
  std::ofstream(container.message_file).flush();
  std::error_code error;  // an image's user may be any
  fs::permissions(container.message_file, static_cast<fs::perms>(0666), error);
  return container;
}

Result<void> LocalNode::StartContainer(Pod& pod, const json::Value& spec, Container& container) {
  ++container.starts;
  TRY(const ContainerToRun wanted, Resolve(pod, spec));
  TRY_VOID(runtime_->Start(wanted, [this, uid = pod.uid, name = wanted.name,
                                    alive = std::weak_ptr<bool>(alive_)](const apiserver::ContainerExit& exit) {
    if (!alive.expired()) OnExit(uid, name, exit);
  }));
  container.state = Container::State::kRunning;
  pod.image_ids[wanted.name] = runtime_->ImageId(wanted.image);
  if (!noting_times_) NoteLogTimes();
  return {};
}

// Again and again while something runs that may write.
void LocalNode::NoteLogTimes() {
  noting_times_ = false;
  for (auto& [uid, pod] : pods_) {
    for (auto& [name, container] : pod->containers) {
      if (container.state != Container::State::kRunning) continue;
      container.log_noted = NoteLogTime(FolderOf(uid) + "/" + name + ".log", container.log_noted);
      noting_times_ = true;
    }
  }
  if (!noting_times_) return;
  loop_.After(kLogTimes, [this, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) NoteLogTimes();
  });
}

void LocalNode::OnExit(const std::string& uid, const std::string& name, apiserver::ContainerExit exit) {
  const auto found = pods_.find(uid);
  if (found == pods_.end()) return;
  Pod& pod = *found->second;
  Container& container = pod.containers[name];
  container.state = Container::State::kEnded;
  NoteLogTime(FolderOf(uid) + "/" + name + ".log", container.log_noted);
  if (exit.message.empty()) exit.message = ReadTail(FolderOf(uid) + "/" + name + ".message", 4096);
  pod.exits[name] = exit;
  const bool is_sidecar = pod.IsSidecarOf(name);
  const bool is_init = pod.FindInit(name) && !is_sidecar;
  if (is_init && exit.exit_code == 0 && !pod.stopping) return Go(pod);
  const auto& main = pod.spec["containers"].Elements();
  const bool main_ended = std::ranges::all_of(main, [&](const json::Value& one) {
    return pod.containers[one["name"].StringOr("")].state == Container::State::kEnded;
  });
  if (!pod.Runs()) return Finish(pod);
  if (pod.stopping && !is_sidecar && !pod.RunsOthers()) return AskToEnd(pod);
  if (main_ended || is_init) return Stop(pod, pod.reason, pod.message);
  if (is_sidecar && !pod.stopping) RestartLater(pod, name);
}

// As the kubelet: at once, then after 10 s, 20 s and so on up to 5 minutes.
void LocalNode::RestartLater(Pod& pod, const std::string& sidecar) {
  Container& container = pod.containers[sidecar];
  const apiserver::ContainerExit& exit = pod.exits[sidecar];
  const bool at_once = container.starts == 1 || exit.finished - exit.started >= kForgiven;
  container.back_off = at_once ? Duration() : Longer(container.back_off);
  Write(pod, Part::kStatus,
        [&](const json::Value& object) { return apiserver::WithRestart(object, sidecar, exit, std::nullopt); });
  loop_.After(container.back_off, [this, uid = pod.uid, sidecar, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) Restart(uid, sidecar);
  });
}

void LocalNode::Restart(const std::string& uid, const std::string& sidecar) {
  const auto found = pods_.find(uid);
  if (found == pods_.end() || found->second->stopping) return;
  Pod& pod = *found->second;
  const apiserver::ContainerExit last = pod.exits[sidecar];
  if (auto started = StartContainer(pod, *pod.FindInit(sidecar), pod.containers[sidecar]); !started) {
    pod.exits[sidecar].message = started.error().message;
    return RestartLater(pod, sidecar);
  }
  pod.exits.erase(sidecar);
  Write(pod, Part::kStatus,
        [&](const json::Value& object) { return apiserver::WithRestart(object, sidecar, last, loop_.Now()); });
}

void LocalNode::Signal(Pod& pod, int signal) {
  for (const auto& [name, container] : pod.containers) {
    if (container.state == Container::State::kRunning) runtime_->Signal(pod.IdOf(name), signal);
  }
}

// As the kubelet: sidecars last, since the others may need them until they have ended.
void LocalNode::AskToEnd(Pod& pod) {
  const bool others = pod.RunsOthers();
  for (const auto& [name, container] : pod.containers) {
    if (container.state != Container::State::kRunning || pod.IsSidecarOf(name) == others) continue;
    runtime_->Signal(pod.IdOf(name), SIGTERM);
  }
}

void LocalNode::Stop(Pod& pod, const std::string& reason, const std::string& message) {
  if (pod.reason.empty()) {
    pod.reason = reason;
    pod.message = message;
  }
  if (!pod.Runs()) return Finish(pod);
  if (std::exchange(pod.stopping, true)) return;
  AskToEnd(pod);
  const json::Value object = Current(pod);
  const int64_t grace =
      object["metadata"]["deletionGracePeriodSeconds"].IntOr(object["spec"]["terminationGracePeriodSeconds"].IntOr(30));
  KillAfter(pod.uid, grace);
}

void LocalNode::KillAfter(const std::string& uid, int64_t grace) {
  loop_.After(std::chrono::seconds(grace), [this, uid, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired() || !pods_.contains(uid)) return;
    Signal(*pods_.at(uid), SIGKILL);
  });
}

void LocalNode::KeepDeadline(const Pod& pod) {
  const json::Value& deadline = pod.spec["activeDeadlineSeconds"];
  if (!deadline.IsInt()) return;
  loop_.After(std::chrono::seconds(deadline.AsInt()), [this, uid = pod.uid, alive = std::weak_ptr<bool>(alive_)] {
    if (alive.expired() || !pods_.contains(uid)) return;
    Stop(*pods_.at(uid), "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
  });
}

// What keeps the pod from starting may go away by itself.
void LocalNode::Fail(Pod& pod, const Error& error) {
  Write(pod, Part::kStatus, [&](const json::Value& object) {
    return apiserver::WaitingPod(object, "CreateContainerConfigError", error.message, loop_.Now());
  });
  Again(pod.uid, kTryAgain, &LocalNode::Begin);
}

// As the kubelet: tried again after 10 s, 20 s and so on up to 5 minutes.
void LocalNode::Wait(Pod& pod, const Obstacle& obstacle) {
  Write(pod, Part::kStatus, [&](const json::Value& object) {
    return apiserver::WaitingPod(object, obstacle.reason, obstacle.message, loop_.Now(), obstacle.container);
  });
  pod.obstacle = obstacle;
  pod.back_off = Longer(pod.back_off);
  if (obstacle.reason == "ErrImagePull") Again(pod.uid, kTryAgain, &LocalNode::ShowBackOff);
  Again(pod.uid, pod.back_off, &LocalNode::Begin);
}

void LocalNode::ShowBackOff(const std::string& uid) {
  const Pod& pod = *pods_.at(uid);
  if (pod.Runs()) return;
  const Obstacle& last = pod.obstacle;
  Write(pod, Part::kStatus, [&](const json::Value& object) {
    return apiserver::WaitingPod(object, "ImagePullBackOff", "Back-off pulling image: " + last.message, loop_.Now(),
                                 last.container);
  });
}

// Unless the pod has gone by then, or is to go.
void LocalNode::Again(const std::string& uid, Duration delay, void (LocalNode::*what)(const std::string& uid)) {
  loop_.After(delay, [this, uid, what, alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired() && pods_.contains(uid) && !pods_.at(uid)->stopping) (this->*what)(uid);
  });
}

void LocalNode::Finish(Pod& pod) {
  const std::string uid = pod.uid;
  // What a Secret has is not left on a disk.
  RemoveVolumes(FolderOf(uid));
  Write(pod, Part::kStatus, [&](const json::Value& object) {
    const json::Value ended =
        apiserver::WithImageIds(apiserver::EndedPod(object, pod.exits, loop_.Now()), pod.image_ids);
    return pod.reason.empty() ? ended : apiserver::FailedPod(ended, pod.reason, pod.message);
  });
  // The write may have been what the last finalizer waited for.
  const auto found = pods_.find(uid);
  if (found == pods_.end()) return;
  const std::unique_ptr<Pod> ended = std::move(found->second);
  pods_.erase(found);
  if (!ended->deleting) return;
  const auto deleted = registry_.Delete(apiserver::Pods(), ended->name_space, ended->name,
                                        {.grace_period_seconds = 0, .uid = uid}, {.agent = kAgent});
  static_cast<void>(deleted);
}

void LocalNode::Write(const Pod& pod, Part part, const std::function<json::Value(const json::Value&)>& edit) {
  const auto written = registry_.Update(apiserver::Pods(), pod.name_space, pod.name, part,
                                        [&](const json::Value& object) -> apiserver::Outcome<json::Value> {
                                          if (apiserver::UidOf(object) != pod.uid)
                                            return apiserver::NotFound(apiserver::Pods(), pod.name);
                                          return edit(object);
                                        },
                                        {.agent = kAgent, .verb = "patch"});
  static_cast<void>(written);
}

LocalNode::Log LocalNode::LogOf(const json::Value& pod, const std::string& container) const {
  const std::string path = FolderOf(apiserver::UidOf(pod)) + "/" + container + ".log";
  std::error_code error;
  if (!fs::exists(path, error)) return {};
  const auto found = pods_.find(apiserver::UidOf(pod));
  if (found == pods_.end()) return {.path = path};
  const auto state = found->second->containers.find(container);
  return {.path = path,
          .live = state != found->second->containers.end() && state->second.state == Container::State::kRunning};
}

}  // namespace coreflow::runner
