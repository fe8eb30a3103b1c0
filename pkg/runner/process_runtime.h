#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "pkg/base/loop.h"
#include "pkg/runner/cgroups.h"
#include "pkg/runner/container_runtime.h"
#include "pkg/runner/images.h"
#include "pkg/runner/reaper.h"

namespace coreflow::runner {

// Containers are processes of this machine, in a copy of its file system with the pod's volumes in it, or in an
// unpacked image. What else an image says is not looked at, so every container needs a command. None outlives this
// process.
class ProcessRuntime final : public ContainerRuntime {
 public:
  struct Options {
    bool isolated = true;                    // roots and process namespaces of their own, see Launch
    std::vector<UnpackedImage> images = {};  // REQUIRES: isolated, when there are any
    // Hears once of each thing that users may take to be otherwise, such as an image that is ignored.
    std::function<void(const std::string& text)> note = {};
  };

  // `loop` outlives it.
  ProcessRuntime(Loop& loop, Options options);
  ~ProcessRuntime() override;

  void Prepare(const json::Value& pod, Ready ready) override;
  Result<void> Start(const ContainerToRun& container, Ended ended) override;
  void Signal(const std::string& id, int signal) override;
  std::string ImageId(const std::string& image) const override;

  // Whether this machine lets us make the namespaces that `isolated` needs. `folder` is made if it is not there.
  static bool CanIsolate(const std::string& folder);

 private:
  struct Running {
    pid_t pid = 0;
    std::string cgroup = {};  // empty: none
    Time started = {};
    Ended ended = {};
  };

  Result<Launch> LaunchOf(const ContainerToRun& container) const;
  std::string CgroupFor(const ContainerToRun& container);
  void OnExit(const std::string& id, int exit_code);
  void Note(const std::string& text);

  Loop& loop_;
  const Options options_;
  std::set<std::string> noted_;
  Result<std::unique_ptr<Cgroups>> cgroups_ = Cgroups::Open();  // outlives the processes in them
  std::map<std::string, Running> running_;                      // by id
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  Reaper reaper_;
};

}  // namespace coreflow::runner
