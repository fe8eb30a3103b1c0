#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pkg/apiserver/pod_status.h"
#include "pkg/apiserver/registry.h"
#include "pkg/base/loop.h"
#include "pkg/runner/container_runtime.h"
#include "pkg/runner/volumes.h"

namespace coreflow::runner {

// The one node of an embedded control plane: scheduler and kubelet in one, on top of a container runtime. On the loop's
// thread; loop and registry outlive it.
//
// A container lives no longer than the node: pods that are found bound when it starts may have run, and have failed
// with ContainerStatusUnknown, as after a crash of a real node. So nothing runs twice.
class LocalNode {
 public:
  struct Options {
    std::string name = "local";
    std::string folder = {};  // absolute; what belongs to a pod is in a folder of it, by UID
    HostPaths host_paths = {};
  };

  LocalNode(Loop& loop, apiserver::Registry& registry, std::unique_ptr<ContainerRuntime> runtime, Options options);
  // Kills what runs, and waits until it has ended.
  ~LocalNode();
  LocalNode(const LocalNode&) = delete;
  LocalNode& operator=(const LocalNode&) = delete;

  // The file with what a container has written so far (see LogTimes), and whether it may write more; an empty path when
  // it has not started.
  struct Log {
    std::string path = {};
    bool live = false;
  };
  Log LogOf(const json::Value& pod, const std::string& container) const;

 private:
  struct Container;
  struct Pod;

  void OnChange(const apiserver::Change& change);
  void DropFolders() const;
  void Adopt(const json::Value& pod, bool may_have_run);
  void Accept(const std::string& uid);
  void Begin(const std::string& uid);
  void Forget(const std::string& uid);
  void OnReady(const std::string& uid, const std::optional<Obstacle>& obstacle);
  void Go(Pod& pod);
  Result<void> StartContainer(Pod& pod, const json::Value& spec, Container& container);
  Lookup LookupFor(const Pod& pod) const;
  Result<ContainerToRun> Resolve(const Pod& pod, const json::Value& spec) const;
  void NoteLogTimes();
  void OnExit(const std::string& uid, const std::string& container, apiserver::ContainerExit exit);
  void RestartLater(Pod& pod, const std::string& sidecar);
  void Restart(const std::string& uid, const std::string& sidecar);
  void Stop(Pod& pod, const std::string& reason, const std::string& message);
  void KillAfter(const std::string& uid, int64_t grace);
  void Signal(Pod& pod, int signal);
  void AskToEnd(Pod& pod);
  void Finish(Pod& pod);
  void Fail(Pod& pod, const Error& error);
  void Wait(Pod& pod, const Obstacle& obstacle);
  void Again(const std::string& uid, Duration delay, void (LocalNode::*what)(const std::string& uid));
  void ShowBackOff(const std::string& uid);
  void KeepDeadline(const Pod& pod);
  void Write(const Pod& pod, apiserver::Part part, const std::function<json::Value(const json::Value&)>& edit);
  json::Value Current(const Pod& pod) const;
  std::string FolderOf(const std::string& uid) const { return options_.folder + "/" + uid; }

  Loop& loop_;
  apiserver::Registry& registry_;
  const Options options_;
  std::map<std::string, std::unique_ptr<Pod>> pods_;  // by UID; those that have not ended
  bool noting_times_ = false;                         // it will be done again
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::unique_ptr<ContainerRuntime> runtime_;
};

}  // namespace coreflow::runner
