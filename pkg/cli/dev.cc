#include <fmt/format.h>

#include "pkg/cli/choose_cluster.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/local_steps.h"
#include "pkg/cli/receiver_flags.h"
#include "pkg/cli/waiter.h"

namespace coreflow::cli {

namespace {

constexpr uint16_t kPort = 7788;

std::string Banner(const Environment& environment, const ControlPlane& plane, const Arguments& arguments,
                   const std::string& folder) {
  std::string text = "CoreFlow's control plane runs: for one user on one machine, without authentication\n";
  text += fmt::format("  Kubernetes  {}\n              export KUBECONFIG={}\n", plane.address, plane.kubeconfig);
  const LocalSteps steps = LocalStepsOf(arguments);
  text += steps.simulated       ? fmt::format("  Steps       simulated: they run nowhere, {} in 100 fail (seed {})\n",
                                              steps.failure_rate, steps.seed)
          : !steps.tool.empty() ? fmt::format("  Steps       containers of their images, by {}\n", steps.tool)
          : plane.isolated
              ? "  Steps       processes of this machine, which see its files\n"
              : "  Steps       processes of this machine, without volumes: it lets nobody make namespaces\n";
  text += arguments.Has("ephemeral") ? "  State       none is kept\n" : fmt::format("  State       {}\n", folder);
  if (arguments.Has("store")) text += fmt::format("  Store       {}\n", arguments.Text("store"));
  text += fmt::format("Try: {0} examples hello | {0} run - --watch\n", environment.program);
  return text;
}

// Ctrl-C has come, so only the end of this is waited for.
void Drain(Environment& environment, const ControlPlane& plane) {
  if (!plane.drain) return;
  std::stop_source drained;
  plane.drain([&drained] { drained.request_stop(); });
  while (!drained.stop_requested()) environment.drive(drained.get_token());
}

Result<int> Dev(Environment& environment, const Arguments& arguments) {
  if (!environment.start_control_plane) {
    return Error{.code = Code::kInvalid, .message = "this program has no control plane in it"};
  }
  if (const std::string wrong = WrongLocalFlags(arguments, true); !wrong.empty()) {
    return Error{.code = Code::kInvalid, .message = wrong};
  }
  if (const std::string wrong = WrongReceiverFlags(arguments); !wrong.empty()) {
    return Error{.code = Code::kInvalid, .message = wrong};
  }
  ControlPlaneOptions options{.port = kPort,
                              .folder = arguments.Has("data") ? arguments.Text("data") : DevFolder(environment),
                              .ephemeral = arguments.Has("ephemeral"),
                              .steps = LocalStepsOf(arguments),
                              .store = {.location = arguments.Text("store"),
                                        .endpoint = arguments.Text("store-s3-endpoint"),
                                        .region = arguments.Text("store-s3-region")},
                              .spans = SpanReceiver(arguments),
                              .events = EventReceiver(arguments)};
  if (options.store.location.empty() && options.store != store::Place()) {
    return Error{.code = Code::kInvalid, .message = "--store-s3-endpoint and --store-s3-region are for --store"};
  }
  if (arguments.Has("address")) options.address = arguments.Text("address");
  if (const auto port = arguments.Number("port")) {
    if (*port > 65535) return Error{.code = Code::kInvalid, .message = fmt::format("there is no port {}", *port)};
    options.port = static_cast<uint16_t>(*port);
  }
  TRY(const ControlPlane plane, environment.start_control_plane(options));
  environment.err(Banner(environment, plane, arguments, options.folder));
  Waiter(environment).Run();
  Drain(environment, plane);
  environment.err("Stopped.\n");
  return 0;
}

}  // namespace

Command DevCommand() {
  Command command{
      .name = "dev",
      .summary = "Runs a control plane on this machine, until Ctrl-C: no cluster is needed.",
      .details =
          "kubectl and helm work with it, and so does every command here, which finds it when no other cluster is "
          "configured,\nor with --context coreflow-dev. Steps run as processes of this machine, in a copy of its "
          "file system with the pod's\nvolumes in it, or with --runner=podman or docker in containers of their "
          "images. Killed at any moment it loses no\nacknowledged write.",
      .example =
          "coreflow dev\n"
          "coreflow dev --port=0 --ephemeral --data=/tmp/try\n"
          "coreflow dev --runner=podman\n"
          "coreflow dev --runner=simulate --seed=7",
      .flags = {{.name = "address",
                 .kind = FlagKind::kText,
                 .placeholder = "ADDRESS",
                 .help = "listen there instead of 127.0.0.1; whoever reaches it may run anything as you"},
                {.name = "port", .kind = FlagKind::kNumber, .placeholder = "PORT", .help = "7788; 0: any free one"},
                {.name = "data",
                 .kind = FlagKind::kText,
                 .placeholder = "FOLDER",
                 .help = "where its state is; ~/.coreflow/dev, or dev in $COREFLOW_HOME"},
                {.name = "ephemeral", .help = "keeps no state"},
                {.name = "store",
                 .kind = FlagKind::kText,
                 .placeholder = "PLACE",
                 .help = "where artifacts and results of steps are kept: a folder, or s3://BUCKET/PREFIX, whose access "
                         "key is where AWS's tools look for it; else among the state"},
                {.name = "store-s3-endpoint",
                 .kind = FlagKind::kText,
                 .placeholder = "URL",
                 .help = "a server that speaks S3; else AWS"},
                {.name = "store-s3-region",
                 .kind = FlagKind::kText,
                 .placeholder = "NAME",
                 .help = "of the bucket; us-east-1"}},
      .run = Dev};
  for (Flag& flag : LocalStepFlags()) command.flags.push_back(std::move(flag));
  for (Flag& flag : ReceiverFlags()) command.flags.push_back(std::move(flag));
  return command;
}

}  // namespace coreflow::cli
