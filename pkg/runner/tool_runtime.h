#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pkg/base/loop.h"
#include "pkg/runner/container_runtime.h"
#include "pkg/runner/image_puller.h"
#include "pkg/runner/tool_calls.h"

namespace coreflow::runner {

// Containers of their images, by podman or docker on this machine. They share its network, and carry a label that says
// which process they belong to: those of one that was killed are removed when the next one starts.
//
// What a container came to is told only once its tool has said that it runs no more. While the tool doesn't answer, it
// counts as running.
class ToolRuntime final : public ContainerRuntime {
 public:
  // `tool`: "podman" or "docker". Removes what is left of processes that have ended. kInvalid when the tool is not on
  // the PATH, kUnavailable when it does not answer. The loop outlives it.
  static Result<std::unique_ptr<ToolRuntime>> Open(Loop& loop, const std::string& tool);
  ~ToolRuntime() override;

  void Prepare(const json::Value& pod, Ready ready) override;
  Result<void> Start(const ContainerToRun& container, Ended ended) override;
  void Signal(const std::string& id, int signal) override;
  std::string ImageId(const std::string& image) const override;

 private:
  struct Running {
    std::string image = {};
    std::string log = {};
    Time started = {};
    bool settling = false;  // the call that ran it has ended
    Ended ended = {};
  };
  struct Need {
    std::string container = {};
    std::string image = {};
    std::string policy = {};
  };

  ToolRuntime(Loop& loop, const std::string& tool);
  Result<void> RemoveLeftovers();
  void PrepareFrom(const std::shared_ptr<const std::vector<Need>>& needs, size_t at, const Ready& ready);
  void OnExit(const std::string& id, int exit_code);
  void Settle(const std::string& id, int exit_code, const std::optional<apiserver::ContainerExit>& known);
  apiserver::ContainerExit Told(const std::string& id, int exit_code, const ToolContainer& container) const;
  apiserver::ContainerExit Missing(const std::string& id, int exit_code);
  apiserver::ContainerExit NeverStarted(const std::string& id, int exit_code) const;
  void End(const std::string& id, apiserver::ContainerExit exit);
  void After(Duration delay, std::function<void()> work);

  Loop& loop_;
  const std::string owner_;
  std::map<std::string, Running> running_;  // by id
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  ToolCalls calls_;
  ImagePuller images_{calls_};
};

}  // namespace coreflow::runner
