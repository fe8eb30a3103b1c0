#include "pkg/runner/tool_runtime.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "pkg/runner/process_identity.h"

namespace coreflow::runner {

namespace {

namespace fs = std::filesystem;

constexpr Duration kSignalAgain = std::chrono::milliseconds(200);
constexpr Duration kAskAgain = std::chrono::seconds(2);
constexpr size_t kMostComplaint = 4096;
// The exit codes of `run` for trouble of its own, for a command that can't be run, and for one that there is not.
constexpr int kToolFailed = 125;
constexpr int kCantRun = 126;
constexpr int kNoSuchProgram = 127;
constexpr int kStartError = 128;

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

// Only its user may read it.
Result<void> WritePrivate(const std::string& path, const std::string& text) {
  std::ofstream(path).flush();
  std::error_code error;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
  std::ofstream file(path, std::ios::binary);
  file << text;
  if (file.flush()) return {};
  return Error{.code = Code::kInvalid, .message = "can't write " + path};
}

}  // namespace

ToolRuntime::ToolRuntime(Loop& loop, const std::string& tool)
    : loop_(loop), owner_(IdentityOfThisProcess()), calls_(loop, tool) {}

Result<std::unique_ptr<ToolRuntime>> ToolRuntime::Open(Loop& loop, const std::string& tool) {
  auto runtime = std::unique_ptr<ToolRuntime>(new ToolRuntime(loop, tool));
  TRY_VOID(runtime->RemoveLeftovers());
  return std::unique_ptr<ToolRuntime>(std::move(runtime));
}

// Calls may be cut off in the middle: what has not run by then never will, as nobody is left to start it.
ToolRuntime::~ToolRuntime() {
  calls_.KillAll();
  const auto left = Lines(calls_.CallNow(ListArguments(owner_)).out);
  if (!left.empty()) calls_.CallNow(RemoveArguments(left));
}

Result<void> ToolRuntime::RemoveLeftovers() {
  const std::string& tool = calls_.program();
  const auto listed = calls_.CallNow(ListArguments());
  if (listed.exit_code == kNoSuchProgram) {
    return Error{.code = Code::kInvalid, .message = tool + " is not on the PATH; install it, or use --runner=process"};
  }
  const auto failed = [&](const ToolCalls::Answer& answer) {
    return Error{.code = Code::kUnavailable,
                 .message = tool + " can't be used: " + Complaint(answer.error) +
                            "; see to it that it works, or use --runner=process"};
  };
  if (listed.exit_code != 0) return failed(listed);
  const auto names = Lines(listed.out);
  if (names.empty()) return {};
  std::vector<std::string> left;
  for (const ToolContainer& one : ReadContainers(calls_.CallNow(InspectArguments(names)).out)) {
    if (HasEnded(one.owner)) left.push_back(one.name);
  }
  if (left.empty()) return {};
  const auto removed = calls_.CallNow(RemoveArguments(left));
  // One that went by itself meanwhile may be an error to the tool.
  if (removed.exit_code != 0 && !ReadContainers(calls_.CallNow(InspectArguments(left)).out).empty()) {
    return failed(removed);
  }
  return {};
}

void ToolRuntime::Prepare(const json::Value& pod, Ready ready) {
  auto needs = std::make_shared<std::vector<Need>>();
  for (const char* list : {"initContainers", "containers"}) {
    for (const json::Value& one : pod["spec"][list].Elements()) {
      needs->push_back({.container = one["name"].StringOr(""),
                        .image = one["image"].StringOr(""),
                        .policy = one["imagePullPolicy"].StringOr("IfNotPresent")});
    }
  }
  PrepareFrom(needs, 0, ready);
}

void ToolRuntime::PrepareFrom(const std::shared_ptr<const std::vector<Need>>& needs, size_t at, const Ready& ready) {
  if (at == needs->size()) return ready(std::nullopt);
  const Need& need = needs->at(at);
  images_.Ensure(need.image, need.policy, [this, needs, at, ready](std::optional<Obstacle> obstacle) {
    if (!obstacle) return PrepareFrom(needs, at + 1, ready);
    obstacle->container = needs->at(at).container;
    ready(obstacle);
  });
}

std::string ToolRuntime::ImageId(const std::string& image) const {
  const ToolImage* found = images_.Find(image);
  return found == nullptr ? "" : found->digest;
}

Result<void> ToolRuntime::Start(const ContainerToRun& container, Ended ended) {
  const ToolImage* image = images_.Find(container.image);
  if (image == nullptr) {
    return Error{.code = Code::kInvalid, .message = "image " + container.image + " is not there any more"};
  }
  const std::string variables = container.folder + "/" + container.name + ".env";
  TRY_VOID(WritePrivate(variables, EnvironmentFile(container.variables)));
  TRY_VOID(calls_.Follow(RunArguments(container, image->id, variables, owner_), ManyLines(container.variables),
                         container.log, [this, id = container.id](int exit_code) { OnExit(id, exit_code); }));
  running_[container.id] = {
      .image = container.image, .log = container.log, .started = loop_.Now(), .ended = std::move(ended)};
  return {};
}

// Again and again: its tool may not have made it yet.
void ToolRuntime::Signal(const std::string& id, int signal) {
  const auto found = running_.find(id);
  if (found == running_.end() || found->second.settling) return;
  calls_.Call({"kill", "--signal=" + std::to_string(signal), "--", ToolName(id)},
              [this, id, signal](const ToolCalls::Answer& answer) {
                if (answer.exit_code != 0) After(kSignalAgain, [this, id, signal] { Signal(id, signal); });
              });
}

void ToolRuntime::OnExit(const std::string& id, int exit_code) {
  running_.at(id).settling = true;
  if (exit_code != 0) return Settle(id, exit_code, std::nullopt);
  calls_.Call(RemoveArguments({ToolName(id)}), [](const ToolCalls::Answer&) {});
  End(id, {.exit_code = 0, .reason = "Completed"});
}

// Removes it, and tells what it came to when the tool says that it is gone; `known`: as the tool told before that.
void ToolRuntime::Settle(const std::string& id, int exit_code, const std::optional<apiserver::ContainerExit>& known) {
  calls_.Call(ListArguments(owner_), [this, id, exit_code, known](const ToolCalls::Answer& listed) {
    if (listed.exit_code != 0) return After(kAskAgain, [=, this] { Settle(id, exit_code, known); });
    const auto names = Lines(listed.out);
    if (std::ranges::find(names, ToolName(id)) == names.end()) {
      return End(id, known ? *known : Missing(id, exit_code));
    }
    calls_.Call(InspectArguments({ToolName(id)}), [=, this](const ToolCalls::Answer& inspected) {
      const auto found = ReadContainers(inspected.out);
      const auto exit = known || found.empty() ? known : Told(id, exit_code, found.front());
      calls_.Call(RemoveArguments({ToolName(id)}), [=, this](const ToolCalls::Answer& removed) {
        After(removed.exit_code == 0 ? Duration() : kAskAgain, [=, this] { Settle(id, exit_code, exit); });
      });
    });
  });
}

// What became of one that its tool knows; the code may be the tool's own.
apiserver::ContainerExit ToolRuntime::Told(const std::string& id, int exit_code, const ToolContainer& container) const {
  if (!container.started) return NeverStarted(id, exit_code);
  return {.exit_code = container.exit_code == 0 ? exit_code : container.exit_code,
          .reason = container.out_of_memory ? "OOMKilled" : "Error"};
}

// It was not made, or somebody else has removed it.
apiserver::ContainerExit ToolRuntime::Missing(const std::string& id, int exit_code) {
  if (exit_code != kToolFailed) return {.exit_code = exit_code, .reason = "Error"};
  images_.Forget(running_.at(id).image);  // that may be why
  return NeverStarted(id, exit_code);
}

// Then what is in its log are the words of the tool.
apiserver::ContainerExit ToolRuntime::NeverStarted(const std::string& id, int exit_code) const {
  const std::string& log = running_.at(id).log;
  std::ostringstream text;
  text << std::ifstream(log, std::ios::binary).rdbuf();
  std::error_code error;
  fs::resize_file(log, 0, error);
  return {.exit_code = exit_code == kCantRun || exit_code == kNoSuchProgram ? exit_code : kStartError,
          .reason = "StartError",
          .message = Complaint(text.str()).substr(0, kMostComplaint)};
}

void ToolRuntime::End(const std::string& id, apiserver::ContainerExit exit) {
  const Running ended = std::move(running_.extract(id).mapped());
  exit.started = ended.started;
  exit.finished = loop_.Now();
  ended.ended(exit);
}

void ToolRuntime::After(Duration delay, std::function<void()> work) {
  loop_.After(delay, [work = std::move(work), alive = std::weak_ptr<bool>(alive_)] {
    if (!alive.expired()) work();
  });
}

}  // namespace coreflow::runner
