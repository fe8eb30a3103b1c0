#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "pkg/base/time.h"
#include "pkg/json/value.h"

namespace coreflow::simulation {

// How one container ends by itself.
struct ContainerEnd {
  int exit_code = 0;
  std::string output = {};     // what it has written to its termination message path; the kubelet keeps a part
  bool out_of_memory = false;  // OOMKilled, 137, whatever the exit code says
};

enum class StartTrouble {
  kNone,
  kUnschedulable,  // no node, for ever
  kImagePull,      // ErrImagePull and ImagePullBackOff in turn, for ever
  kConfig,         // CreateContainerConfigError, for ever: a Secret is missing
  kSilent,         // bound, and nothing more ever happens
};

// An init container that fails, with 1, so that nothing after it starts.
struct InitFailure {
  std::string container = {};
  std::string message = {};  // what it has written to its termination message path
};

// What becomes of one pod when nothing disturbs it.
struct Behaviour {
  StartTrouble trouble = StartTrouble::kNone;
  Duration to_bind = std::chrono::milliseconds(10);     // from creation to a node
  Duration to_create = std::chrono::milliseconds(20);   // then to ContainerCreating
  Duration to_start = std::chrono::milliseconds(700);   // then to the containers' start
  Duration runs_for = std::chrono::seconds(1);          // then to their end
  Duration to_notice = std::chrono::milliseconds(500);  // from a container's end to the pod's status: the kubelet polls
  ContainerEnd end = {};                                // of every main container that `ends` does not name
  std::map<std::string, ContainerEnd> ends = {};
  Duration to_stop = std::chrono::milliseconds(100);  // from SIGTERM to the end; SIGKILL at the grace period's end
  int exit_code_on_stop = 143;
  // What else the pod has to do with; both may be empty. Asked as the containers are about to start: what fails first.
  std::function<std::optional<InitFailure>()> before_start = {};
  // Told as the main containers end by themselves, before anybody else hears of it: may change `end`.
  std::function<void(ContainerEnd& end)> before_end = {};
};

// Chooses a behaviour for each pod, once, when it is created.
using PodScript = std::function<Behaviour(const json::Value& pod)>;

}  // namespace coreflow::simulation
