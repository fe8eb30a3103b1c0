#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/runner/container_runtime.h"

namespace coreflow::runner {

// What to say to podman and docker, which have the same command line, and what they answer. Pure.

// The label that says whose container it is; see process_identity.h.
constexpr char kOwnerLabel[] = "coreflow.dev/owner";

// What its tool calls a container.
std::string ToolName(const std::string& id);

// The variables as a file for --env-file: one a line, which has no quotes.
std::string EnvironmentFile(const Variables& variables);
// The others: those with several lines. "NAME=value", for the tool's own environment.
std::vector<std::string> ManyLines(const Variables& variables);

// How to run a container to its end, with its output as the tool's. `image_id`: of an image that is there;
// `environment_file`: a file with EnvironmentFile's text.
std::vector<std::string> RunArguments(const ContainerToRun& container, const std::string& image_id,
                                      const std::string& environment_file, const std::string& owner);
// The name of every container that some process has started; with `owner`, only those of that one.
std::vector<std::string> ListArguments(const std::string& owner = "");
std::vector<std::string> InspectArguments(std::vector<std::string> names);
// Kills them too. Those that are not there are no error.
std::vector<std::string> RemoveArguments(std::vector<std::string> names);

// What `inspect` says of a container.
struct ToolContainer {
  std::string name = {};
  std::string owner = {};
  bool started = false;
  bool out_of_memory = false;
  int exit_code = 0;

  bool operator==(const ToolContainer&) const = default;
};
// Those that were found; nothing where the text is not what tools say.
std::vector<ToolContainer> ReadContainers(std::string_view text);

// What `image inspect` says of one.
struct ToolImage {
  std::string id = {};      // for `run`
  std::string digest = {};  // for a pod's status: "docker.io/library/busybox@sha256:…", or else the id

  bool operator==(const ToolImage&) const = default;
};
std::optional<ToolImage> ReadImage(std::string_view text);

// Whether a text can be the name of an image (github.com/distribution/reference), rather than, say, an option.
bool IsImageName(std::string_view text);
// With its registry, as a kubelet understands it: "busybox:1" is "docker.io/library/busybox:1".
std::string QualifiedImage(const std::string& image);

// Of what a tool printed the line that says what went wrong.
std::string Complaint(std::string_view text);

}  // namespace coreflow::runner
