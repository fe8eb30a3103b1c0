#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "pkg/apiserver/pod_status.h"
#include "pkg/apiserver/registry.h"
#include "pkg/base/loop.h"
#include "pkg/runner/cgroups.h"
#include "pkg/runner/images.h"
#include "pkg/runner/reaper.h"
#include "pkg/runner/volumes.h"

namespace coreflow::runner {

// The one node of an embedded control plane: scheduler and kubelet in one, which runs containers as processes of this
// machine, in a copy of its file system with the pod's volumes in it, or in an unpacked image. What else an image says
// is not looked at, so every container needs a command. On the loop's thread; loop and registry outlive it.
//
// A process lives no longer than the node: pods that are found bound when it starts may have run, and have failed with
// ContainerStatusUnknown, as after a crash of a real node. So nothing runs twice.
class LocalNode {
 public:
  struct Options {
    std::string name = "local";
    std::string folder = {};  // absolute; what belongs to a pod is in a folder of it, by UID
    bool isolated = true;     // roots and process namespaces of their own, see Launch
    HostPaths host_paths = {};
    std::vector<UnpackedImage> images = {};  // REQUIRES: isolated, when there are any
    // Hears once of each thing that users may take to be otherwise, such as an image that is ignored.
    std::function<void(const std::string& text)> note = {};
  };

  LocalNode(Loop& loop, apiserver::Registry& registry, Options options);
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

  // Whether this machine lets us make the namespaces that `isolated` needs. `folder` is made if it is not there.
  static bool CanIsolate(const std::string& folder);

 private:
  struct Container;
  struct Pod;

  void OnChange(const apiserver::Change& change);
  void DropFolders() const;
  void Adopt(const json::Value& pod, bool may_have_run);
  void Accept(const std::string& uid);
  void Begin(const std::string& uid);
  void Forget(const std::string& uid);
  void Go(Pod& pod);
  Result<void> StartContainer(Pod& pod, const json::Value& spec, Container& container);
  Lookup LookupFor(const Pod& pod) const;
  Result<Launch> LaunchOf(const Pod& pod, const json::Value& spec) const;
  std::string CgroupFor(const Pod& pod, const json::Value& spec);
  void Note(const std::string& text);
  void NoteLogTimes();
  void OnExit(const std::string& uid, const std::string& container, int exit_code);
  void Stop(Pod& pod, const std::string& reason, const std::string& message);
  void KillAfter(const std::string& uid, int64_t grace);
  void Signal(Pod& pod, int signal);
  void Finish(Pod& pod);
  void Fail(Pod& pod, const Error& error);
  void KeepDeadline(const Pod& pod);
  void Write(const Pod& pod, apiserver::Part part, const std::function<json::Value(const json::Value&)>& edit);
  json::Value Current(const Pod& pod) const;
  std::string FolderOf(const std::string& uid) const { return options_.folder + "/" + uid; }

  Loop& loop_;
  apiserver::Registry& registry_;
  const Options options_;
  std::map<std::string, std::unique_ptr<Pod>> pods_;  // by UID; those that have not ended
  std::set<std::string> noted_;
  bool noting_times_ = false;                                   // it will be done again
  Result<std::unique_ptr<Cgroups>> cgroups_ = Cgroups::Open();  // outlives the processes in them
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  Reaper reaper_;
};

}  // namespace coreflow::runner
