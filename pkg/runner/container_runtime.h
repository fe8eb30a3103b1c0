#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "pkg/apiserver/pod_status.h"
#include "pkg/base/result.h"
#include "pkg/json/value.h"
#include "pkg/runner/limits.h"
#include "pkg/runner/mount_plan.h"
#include "pkg/runner/variables.h"

namespace coreflow::runner {

// A container to run, with all that its pod says of it looked up. Paths of the host are absolute.
struct ContainerToRun {
  std::string id = {};    // no other container of the node has it; a file can be called so
  std::string name = {};  // in its pod
  std::string pod = {};   // the pod's name, which is that of its host
  std::string image = {};
  std::vector<std::string> command = {};  // as in a pod: empty is the image's own
  std::vector<std::string> args = {};
  Variables variables = {};
  std::string work_folder = {};  // empty: the image's
  std::vector<Mount> mounts = {};
  std::string message_file = {};  // of the host: what the container has at message_path
  std::string message_path = {};
  std::string folder = {};  // of the host: the pod's own
  std::string log = {};     // of the host: its output is appended, both streams
  Limits limits = {};
};

// Why a container can't start for now, as a kubelet puts it.
struct Obstacle {
  std::string container = {};  // empty: the pod as a whole
  std::string reason = {};     // "ErrImagePull"
  std::string message = {};

  bool operator==(const Obstacle&) const = default;
};

// What runs the containers of a node. On the thread of its loop; so are all calls back.
class ContainerRuntime {
 public:
  using Ready = std::function<void(const std::optional<Obstacle>& obstacle)>;
  // An empty message: look into the message file.
  using Ended = std::function<void(const apiserver::ContainerExit& exit)>;

  // Kills what runs, waits until it has ended, and calls nobody back any more.
  virtual ~ContainerRuntime() = default;

  // Gets what a pod's containers need before they start: their images. Calls `ready` once, at once or later.
  virtual void Prepare(const json::Value& pod, Ready ready) = 0;

  // Starts one, and calls `ended` once, later. An error when it can't be run as it is; then nothing has started. What
  // can't be started for other reasons has ended with StartError. REQUIRES: its pod is prepared, its id is new.
  virtual Result<void> Start(const ContainerToRun& container, Ended ended) = 0;

  // Nothing when it has ended.
  virtual void Signal(const std::string& id, int signal) = 0;

  // What a pod's status says of an image that is there; empty when that is not known.
  virtual std::string ImageId(const std::string& image) const = 0;
};

}  // namespace coreflow::runner
