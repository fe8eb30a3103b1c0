#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/loop.h"
#include "pkg/base/result.h"
#include "pkg/cli/new_file.h"
#include "pkg/http/transport.h"
#include "pkg/outbox/receiver.h"
#include "pkg/scenario/rehearsal.h"
#include "pkg/store/place.h"

namespace coreflow::cli {

// How steps run on this machine.
struct LocalSteps {
  std::vector<std::string> host_paths = {};  // what they may mount of the host
  std::vector<std::string> image_map = {};   // "IMAGE=FOLDER"
  std::string tool = {};                     // "podman" or "docker", which runs them; empty: they are processes
  bool simulated = false;                    // they run nowhere; what becomes of them is up to the seed
  int64_t seed = 1;
  int64_t failure_rate = 5;  // how many of 100 fail
};

// Which cluster a command talks to, as far as its flags say.
struct ClusterChoice {
  std::string kubeconfig = {};
  std::string context = {};
  std::string as = {};  // impersonation
  std::vector<std::string> as_groups = {};
  bool local = false;  // a control plane of this command's own
  LocalSteps steps = {};
};

// A control plane on this machine; see operator/dev.
struct ControlPlaneOptions {
  std::string address = "127.0.0.1";
  uint16_t port = 0;        // 0: any free one
  std::string folder = {};  // of its state
  bool ephemeral = false;   // keeps none
  LocalSteps steps = {};
  store::Place store = {};       // of artifacts and results of steps; without a location: in the folder
  outbox::Receiver spans = {};   // who is sent spans of runs
  outbox::Receiver events = {};  // and CloudEvents
};
struct ControlPlane {
  std::string address = {};  // "http://127.0.0.1:7788"
  std::string kubeconfig = {};
  bool isolated = false;  // steps have roots of their own
  // Sends what waits for those who are told of runs, and calls `done` when that is over, at the latest after three
  // seconds. Empty: nobody is told.
  std::function<void(std::function<void()> done)> drain = {};
  std::shared_ptr<void> runs = {};  // it ends with this
};

// A cluster that can be talked to.
struct Connection {
  std::string ns = "default";  // where commands look when no flag says
  std::string server = {};     // "https://10.0.0.1:6443", for messages
  std::string source = {};     // what chose it: the context and its file
  bool ends_with_us = false;   // a control plane of this command's own
  std::unique_ptr<http::Transport> transport = {};
};

// What stdout is, when it is a terminal.
struct Terminal {
  int width = 80;
  int height = 24;
};

// Everything that a command touches; it reaches nothing else. main() makes the real one, tests one around a fake
// cluster. On one thread, which also runs the loop.
struct Environment {
  Loop& loop;
  // Runs the loop on this thread until stop is requested.
  std::function<void(const std::stop_token& stop)> drive = {};
  // Requested by the first Ctrl-C.
  std::stop_token interrupt = {};

  std::function<Result<Connection>(const ClusterChoice& choice)> connect = {};
  // Empty where a program has none.
  std::function<Result<ControlPlane>(const ControlPlaneOptions& options)> start_control_plane = {};
  // What `test` runs workflows in.
  scenario::Rehearse rehearse = {};

  // Each call is one write.
  std::function<void(std::string_view text)> out = {};
  std::function<void(std::string_view text)> err = {};
  std::function<Result<std::string>()> read_stdin = {};
  std::function<Result<std::string>(const std::string& path)> read_file = {};
  // Refuses to replace what is there.
  std::function<Result<std::unique_ptr<NewFile>>(const std::string& path)> create_file = {};
  // A file that has its name only when it is finished. Unless `replace`, kAlreadyExists when that is taken.
  std::function<Result<std::unique_ptr<NewFile>>(const std::string& path, bool replace)> download_file = {};
  // A folder that has its name only when it is finished, and what is written: a tar archive from anybody, which is
  // unpacked in it. kAlreadyExists when there is something else of that name than an empty folder; kInvalid for what
  // archive::Extractor refuses.
  std::function<Result<std::unique_ptr<NewFile>>(const std::string& path)> unpack_folder = {};
  std::map<std::string, std::string, std::less<>> variables = {};
  // How large the terminal is at this moment; nullopt: stdout is none.
  std::function<std::optional<Terminal>()> terminal = [] { return std::nullopt; };

  // Words of states are coloured; see color.h.
  bool color = false;

  std::string program = "coreflow";  // how the user calls it, for messages: "kubectl coreflow"

  std::string Variable(std::string_view name) const {
    auto found = variables.find(name);
    return found == variables.end() ? "" : found->second;
  }
};

}  // namespace coreflow::cli
