#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "operator/dev/pod_chance.h"
#include "pkg/base/loop.h"
#include "pkg/base/result.h"
#include "pkg/outbox/receiver.h"
#include "pkg/store/store.h"

namespace coreflow::dev {

// A control plane in this process: the API server, CoreFlow's controllers and a node that runs steps on this
// machine. For one user on one machine: whoever reaches its port may do everything.
class DevServer {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    uint16_t port = 7788;                      // 0: any free one
    std::string folder = {};                   // absolute; its state, made if it is not there
    bool ephemeral = false;                    // nothing of the state is kept; the folder still has logs and volumes
    std::vector<std::string> host_paths = {};  // what steps may mount of the host
    std::vector<std::string> image_map = {};   // "IMAGE=FOLDER": what stands for images of processes
    std::string tool = {};                     // "podman" or "docker": steps run in containers; empty: as processes
    std::optional<PodChance> simulate = {};    // steps run nowhere
    // Puts the courier's program into a folder, for artifacts, and gives its path; empty: steps can't have any.
    std::function<Result<std::string>(const std::string& folder)> place_courier = {};
    outbox::Receiver spans = {};   // who is sent spans of runs
    outbox::Receiver events = {};  // and CloudEvents
  };
  using Warn = std::function<void(std::string_view text)>;

  // Serves when it returns. kConflict when another process has the folder, kUnavailable when the port can't be had
  // or the tool does not work, kInvalid when there is no such tool, or an image or a receiver can't be had. `warn`
  // hears of what goes wrong later, or is otherwise than users may think, on the loop's thread. The loop, on whose
  // thread this is used, outlives it. `store`: of artifacts and results of steps; null: one in the folder.
  static Result<std::unique_ptr<DevServer>> Start(Loop& loop, Options options, Warn warn,
                                                  std::unique_ptr<store::Store> store = nullptr);

  // Ends all steps that run: they are not resumed, but tried again by the next one to have the folder.
  ~DevServer();
  DevServer(const DevServer&) = delete;
  DevServer& operator=(const DevServer&) = delete;

  // Sends what waits for who is told of runs, and calls `done` when that is over, at the latest after three seconds.
  // Once.
  void Drain(std::function<void()> done);

  uint16_t port() const;
  // "http://127.0.0.1:7788"
  std::string address() const;
  // The kubeconfig file that leads here.
  std::string kubeconfig() const;
  // Whether steps have a root and processes of their own; if not, they see the machine's.
  bool isolated() const;

 private:
  class Impl;
  explicit DevServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace coreflow::dev
