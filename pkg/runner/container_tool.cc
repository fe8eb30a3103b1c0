#include "pkg/runner/container_tool.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <iterator>

#include "pkg/json/parse.h"

namespace coreflow::runner {

namespace {

constexpr size_t kLongestHostName = 63;

bool IsOneLine(const std::string& text) { return text.find_first_of("\r\n") == std::string::npos; }

// One field of a line of comma-separated values (RFC 4180), as --mount takes them.
std::string Field(const std::string& text) {
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string MountText(const Mount& mount) {
  return "type=bind," + Field("source=" + mount.source) + "," + Field("target=" + mount.target) +
         (mount.read_only ? ",readonly" : "");
}

void AddLimits(const Limits& limits, std::vector<std::string>& words) {
  if (limits.cpu_millis) {
    char cpus[32];
    std::snprintf(cpus, sizeof cpus, "--cpus=%.3f", static_cast<double>(*limits.cpu_millis) / 1000);
    words.emplace_back(cpus);
  }
  if (!limits.memory) return;
  const std::string bytes = std::to_string(*limits.memory) + "b";
  words.push_back("--memory=" + bytes);
  words.push_back("--memory-swap=" + bytes);  // as much as memory: no swap
}

std::vector<std::string> WithNames(std::vector<std::string> words, std::vector<std::string> names) {
  std::ranges::move(names, std::back_inserter(words));
  return words;
}

}  // namespace

std::string ToolName(const std::string& id) { return "coreflow-" + id; }

std::string EnvironmentFile(const Variables& variables) {
  std::string text;
  for (const auto& [name, value] : variables) {
    if (IsOneLine(value)) text += name + "=" + value + "\n";
  }
  return text;
}

std::vector<std::string> ManyLines(const Variables& variables) {
  std::vector<std::string> texts;
  for (const auto& [name, value] : variables) {
    if (!IsOneLine(value)) texts.push_back(name + "=" + value);
  }
  return texts;
}

std::vector<std::string> RunArguments(const ContainerToRun& container, const std::string& image_id,
                                      const std::string& environment_file, const std::string& owner) {
  std::vector<std::string> words = {"run", "--pull=never", "--name=" + ToolName(container.id),
                                    "--label=" + std::string(kOwnerLabel) + "=" + owner,
                                    "--hostname=" + container.pod.substr(0, kLongestHostName), "--network=host",
                                    "--log-driver=none", "--no-healthcheck", "--stop-timeout=0",
                                    // Volumes are ours, and need no labels of SELinux.
                                    "--security-opt=label=disable", "--env-file=" + environment_file};
  for (const auto& [name, value] : container.variables) {
    if (!IsOneLine(value)) words.push_back("--env=" + name);
  }
  if (!container.work_folder.empty()) words.push_back("--workdir=" + container.work_folder);
  for (const Mount& mount : container.mounts) words.push_back("--mount=" + MountText(mount));
  words.push_back("--mount=" + MountText({.source = container.message_file, .target = container.message_path}));
  AddLimits(container.limits, words);
  if (!container.command.empty()) words.push_back("--entrypoint=" + container.command.front());
  words.insert(words.end(), {"--", image_id});
  if (!container.command.empty()) {
    words.insert(words.end(), container.command.begin() + 1, container.command.end());
  }
  words.insert(words.end(), container.args.begin(), container.args.end());
  return words;
}

std::vector<std::string> ListArguments(const std::string& owner) {
  const std::string label = owner.empty() ? std::string(kOwnerLabel) : std::string(kOwnerLabel) + "=" + owner;
  return {"ps", "--all", "--filter=label=" + label, "--format={{.Names}}"};
}

std::vector<std::string> InspectArguments(std::vector<std::string> names) {
  return WithNames({"inspect", "--type=container", "--"}, std::move(names));
}

std::vector<std::string> RemoveArguments(std::vector<std::string> names) {
  return WithNames({"rm", "--force", "--volumes", "--"}, std::move(names));
}

std::vector<ToolContainer> ReadContainers(std::string_view text) {
  std::vector<ToolContainer> containers;
  const auto parsed = json::Parse(text);
  if (!parsed) return containers;
  for (const json::Value& one : parsed->Elements()) {
    std::string name = one["Name"].StringOr("");
    if (name.starts_with('/')) name.erase(0, 1);  // docker's
    const json::Value& state = one["State"];
    containers.push_back({.name = std::move(name),
                          .owner = one["Config"]["Labels"][kOwnerLabel].StringOr(""),
                          .started = !state["StartedAt"].StringOr("0001").starts_with("0001"),
                          .out_of_memory = state["OOMKilled"].BoolOr(false),
                          .exit_code = static_cast<int>(state["ExitCode"].IntOr(0))});
  }
  return containers;
}

std::optional<ToolImage> ReadImage(std::string_view text) {
  const auto parsed = json::Parse(text);
  if (!parsed || parsed->Elements().empty()) return std::nullopt;
  const json::Value& image = parsed->Elements().front();
  const std::string id = image["Id"].StringOr("");
  if (id.empty()) return std::nullopt;
  const auto& digests = image["RepoDigests"].Elements();
  return ToolImage{.id = id, .digest = digests.empty() ? id : digests.front().StringOr(id)};
}

bool IsImageName(std::string_view text) {
  const auto plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const bool known = std::ranges::all_of(
      text, [&](char c) { return plain(c) || std::string_view("._-/:@").find(c) != std::string_view::npos; });
  // "dir:/etc" is a transport of podman's.
  return known && !text.empty() && plain(text.front()) && plain(text.back()) && text.find(":/") == text.npos &&
         text.find("//") == text.npos;
}

std::string QualifiedImage(const std::string& image) {
  const size_t slash = image.find('/');
  if (slash == std::string::npos) return "docker.io/library/" + image;
  const std::string first = image.substr(0, slash);
  return first == "localhost" || first.find_first_of(".:") != std::string::npos ? image : "docker.io/" + image;
}

std::string Complaint(std::string_view text) {
  std::string last;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    // What follows tells how to get help.
    if (line.starts_with("Error") || line.starts_with("docker: ") || line.starts_with("Cannot connect")) return line;
    last = std::move(line);
  }
  return last;
}

}  // namespace coreflow::runner
