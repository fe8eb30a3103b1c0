#include <fcntl.h>
#include <malloc.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "operator/cli/downloaded_file.h"
#include "operator/cli/embedded_programs.h"
#include "operator/cli/file_on_disk.h"
#include "operator/cli/unpacked_folder.h"
#include "operator/dev/dev_server.h"
#include "operator/rehearsal/rehearse.h"
#include "operator/signals/signals.h"
#include "pkg/base/build_info.h"
#include "pkg/cli/choose_cluster.h"
#include "pkg/cli/cli.h"
#include "pkg/http/beast_transport.h"
#include "pkg/kubeconfig/credentials.h"
#include "pkg/reactor/event_loop.h"
#include "pkg/store/place.h"

namespace coreflow::cli {
namespace {

constexpr size_t kMostInput = size_t{16} << 20;
// What a shell sees of a program that the end of its pipe has killed.
constexpr int kBrokenPipe = 141;

void Write(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EPIPE) std::_Exit(kBrokenPipe);
    if (written < 0) return;
    text.remove_prefix(static_cast<size_t>(written));
  }
}

Result<std::string> ReadAll(int file, const std::string& name) {
  std::string text;
  std::array<char, 65536> buffer;
  for (;;) {
    const ssize_t got = read(file, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    // A folder may have the name of a run.
    const Code code = errno == EISDIR ? Code::kNotFound : Code::kInvalid;
    if (got < 0) return Error{.code = code, .message = name + ": " + std::strerror(errno)};
    if (got == 0) return text;
    text.append(buffer.data(), static_cast<size_t>(got));
    if (text.size() > kMostInput) return Error{.code = Code::kInvalid, .message = name + " is larger than 16 MiB"};
  }
}

Result<std::string> ReadFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    const Code code = errno == ENOENT ? Code::kNotFound : Code::kInvalid;
    return Error{.code = code, .message = path + ": " + std::strerror(errno)};
  }
  auto text = ReadAll(file, path);
  close(file);
  return text;
}

std::optional<Terminal> StdoutTerminal() {
  winsize size = {};
  const char* type = std::getenv("TERM");
  if (isatty(STDOUT_FILENO) == 0 || type == nullptr || std::string_view(type) == "dumb") return std::nullopt;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return Terminal{};
  return Terminal{.width = size.ws_col, .height = size.ws_row};
}

Result<Connection> Connect(const Environment& environment, const ClusterChoice& choice) {
  TRY(kubeconfig::Config config, ChooseCluster(environment, choice));
  http::Options options = kubeconfig::TransportOptions(config);
  options.user_agent = std::string("coreflow/") + Version();
  TRY(auto transport, http::NewBeastTransport(options));
  return Connection{
      .ns = config.namespace_, .server = config.server, .source = config.source, .transport = std::move(transport)};
}

// A folder that goes with the program.
struct Scratch {
  std::string path = (std::filesystem::temp_directory_path() / "coreflow-XXXXXX").string();

  Scratch() { made = mkdtemp(path.data()) != nullptr; }
  ~Scratch() {
    std::error_code ignored;
    if (made) std::filesystem::remove_all(path, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  bool made = false;
};

// Null: it is not said where.
Result<std::unique_ptr<store::Store>> OpenStore(const Environment& environment, const store::Place& place) {
  if (place.location.empty()) return std::unique_ptr<store::Store>();
  return store::OpenStore(place, [variables = environment.variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? "" : found->second;
  });
}

// What it says is for `warn`, until the plane ends.
Result<ControlPlane> StartControlPlane(Environment& environment, const ControlPlaneOptions& options,
                                       std::function<void(const std::string& text)> warn) {
  std::optional<dev::PodChance> simulate;
  if (options.steps.simulated) {
    simulate = {.seed = static_cast<uint64_t>(options.steps.seed), .failure_rate = options.steps.failure_rate};
  }
  TRY(auto store, OpenStore(environment, options.store));
  TRY(auto server,
      dev::DevServer::Start(
          environment.loop,
          {.address = options.address,
           .port = options.port,
           .folder = std::filesystem::absolute(options.folder).string(),
           .ephemeral = options.ephemeral,
           .host_paths = options.steps.host_paths,
           .image_map = options.steps.image_map,
           .tool = options.steps.tool,
           .simulate = simulate,
           .place_courier = PlaceCourier,
           .spans = options.spans,
           .events = options.events},
          [warn = std::move(warn)](std::string_view text) { warn("control plane: " + std::string(text) + "\n"); },
          std::move(store)));
  const std::shared_ptr<dev::DevServer> shared = std::move(server);
  return ControlPlane{.address = shared->address(),
                      .kubeconfig = shared->kubeconfig(),
                      .isolated = shared->isolated(),
                      .drain = [shared](std::function<void()> done) { shared->Drain(std::move(done)); },
                      .runs = shared};
}

// What Connect made for --local, which lives as long as the program.
struct Local {
  Scratch scratch;
  std::string said = {};  // what would have been in a screen's way
  ControlPlane plane;
};

Result<Connection> ConnectLocally(Environment& environment, const ClusterChoice& choice,
                                  std::unique_ptr<Local>& local) {
  local = std::make_unique<Local>();
  if (!local->scratch.made) {
    return Error{.code = Code::kInvalid, .message = "can't make a folder in the one for temporary files"};
  }
  const ControlPlaneOptions options{.folder = local->scratch.path, .ephemeral = true, .steps = choice.steps};
  TRY(local->plane, StartControlPlane(environment, options, [&environment, &said = local->said](const auto& text) {
        if (!environment.terminal()) return environment.err(text);
        said += text;
      }));
  TRY(Connection connection, Connect(environment, {.kubeconfig = local->plane.kubeconfig}));
  connection.ends_with_us = true;
  return connection;
}

std::map<std::string, std::string, std::less<>> Variables() {
  std::map<std::string, std::string, std::less<>> variables;
  for (char** at = environ; *at != nullptr; ++at) {
    const std::string_view entry = *at;
    const size_t equals = entry.find('=');
    if (equals != std::string_view::npos) variables.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return variables;
}

int Main(int argc, char** argv) {
  // Without bins for the smallest pieces: they are joined again and again where objects come and go by the thousand, a
  // quarter of the time of a large rehearsal.
  mallopt(M_MXFAST, 0);
  const Signals signals;
  reactor::EventLoop loop;
  Environment environment{.loop = loop};
  environment.drive = [&loop](const std::stop_token& stop) { loop.Run(stop); };
  environment.interrupt = signals.Stop();
  std::unique_ptr<Local> local;
  environment.start_control_plane = [&environment](const ControlPlaneOptions& options) {
    return StartControlPlane(environment, options, environment.err);
  };
  environment.connect = [&environment, &local](const ClusterChoice& choice) {
    return choice.local ? ConnectLocally(environment, choice, local) : Connect(environment, choice);
  };
  environment.rehearse = rehearsal::Rehearse;
  environment.out = [](std::string_view text) { Write(STDOUT_FILENO, text); };
  environment.err = [](std::string_view text) { Write(STDERR_FILENO, text); };
  environment.read_stdin = [] { return ReadAll(STDIN_FILENO, "stdin"); };
  environment.read_file = ReadFile;
  environment.create_file = CreateFileOnDisk;
  environment.download_file = DownloadFile;
  environment.unpack_folder = UnpackFolder;
  environment.variables = Variables();
  environment.terminal = StdoutTerminal;
  const std::string_view called = argc > 0 ? argv[0] : "";
  if (called.ends_with("kubectl-coreflow")) environment.program = "kubectl coreflow";
  const int code = Run(environment, {argv + std::min(argc, 1), argv + argc});
  if (local && !local->said.empty()) environment.err(local->said);
  return code;
}

}  // namespace
}  // namespace coreflow::cli

int main(int argc, char** argv) { return coreflow::cli::Main(argc, argv); }
