#include "pkg/executor/command_line.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace coreflow::executor {

namespace {

Error Wrong(const std::string& what) { return {.code = Code::kInvalid, .message = what}; }

// It stands in the middle of a line that the courier reads.
bool IsWord(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~'; });
}

Result<std::string> ReadPath(const std::string& option, const std::string& path) {
  if (!path.starts_with('/')) return Wrong(option + ": " + path + " is no absolute path");
  return path;
}

Result<Artifact> ReadArtifact(const std::string& option, const std::string& text) {
  const size_t equals = text.find('=');
  const size_t colon = text.find(':', equals);
  if (equals == std::string::npos || colon == std::string::npos) {
    return Wrong(option + ": " + text + " is not NAME=ARCHIVE:PATH");
  }
  Artifact artifact{.name = text.substr(0, equals),
                    .archive = text.substr(equals + 1, colon - equals - 1),
                    .optional = option == "--optional-artifact"};
  if (!IsWord(artifact.name)) return Wrong(option + ": " + text + " has a name that is no word");
  if (artifact.archive != "None" && artifact.archive != "Tar" && artifact.archive != "TarZstd") {
    return Wrong(option + ": " + artifact.archive + " is not None, Tar or TarZstd");
  }
  TRY(artifact.path, ReadPath(option, text.substr(colon + 1)));
  return artifact;
}

Result<uint64_t> ReadBytes(const std::string& option, const std::string& text) {
  uint64_t bytes = 0;
  const char* end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, bytes);
  if (error != std::errc() || last != end) return Wrong(option + ": " + text + " is no number of bytes");
  return bytes;
}

Result<Log> ReadLog(const std::string& option, const std::string& text) {
  const size_t equals = text.find('=');
  const size_t colon = text.find(':', equals);
  if (equals == std::string::npos || colon == std::string::npos) {
    return Wrong(option + ": " + text + " is not NAME=BYTES:PATH");
  }
  Log log{.name = text.substr(0, equals)};
  if (!IsWord(log.name)) return Wrong(option + ": " + text + " has a name that is no word");
  TRY(log.most, ReadBytes(option, text.substr(equals + 1, colon - equals - 1)));
  TRY(log.path, ReadPath(option, text.substr(colon + 1)));
  return log;
}

Result<void> AddArtifact(const std::string& option, const std::string& text, std::vector<Artifact>* artifacts) {
  TRY(Artifact artifact, ReadArtifact(option, text));
  for (const Artifact& other : *artifacts) {
    if (other.name == artifact.name) return Wrong(option + ": " + artifact.name + " stands twice");
  }
  artifacts->push_back(std::move(artifact));
  return {};
}

Result<void> Take(const std::string& option, const std::string& text, CommandLine* line) {
  if (option == "--artifact" || option == "--optional-artifact") return AddArtifact(option, text, &line->artifacts);
  if (option == "--large-outputs") {
    if (!line->large_outputs.empty()) return Wrong(option + " stands twice");
    if (!IsWord(text)) return Wrong(option + ": " + text + " is no word");
    line->large_outputs = text;
    return {};
  }
  if (option == "--log") {
    if (line->log) return Wrong(option + " stands twice");
    TRY(line->log, ReadLog(option, text));
    return {};
  }
  if (option == "--message-limit") {
    TRY(line->message_limit, ReadBytes(option, text));
    return {};
  }
  std::string* path = option == "--socket"    ? &line->socket
                      : option == "--message" ? &line->message
                      : option == "--outputs" ? &line->outputs
                                              : nullptr;
  if (path == nullptr) return Wrong(option + " is no option");
  if (!path->empty()) return Wrong(option + " stands twice");
  TRY(*path, ReadPath(option, text));
  return {};
}

}  // namespace

Result<CommandLine> ParseCommandLine(std::span<const char* const> arguments) {
  CommandLine line;
  size_t next = 0;
  while (next < arguments.size() && std::string_view(arguments[next]) != "--") {
    const std::string option = arguments[next];
    if (next + 1 == arguments.size()) return Wrong(option + " has no value");
    TRY_VOID(Take(option, arguments[next + 1], &line));
    next += 2;
  }
  if (next + 1 >= arguments.size()) return Wrong("there is no command behind --");
  for (const char* word : arguments.subspan(next + 1)) line.command.emplace_back(word);
  if (line.socket.empty()) return Wrong("--socket is missing");
  if (line.message.empty()) return Wrong("--message is missing");
  if (line.outputs.empty()) return Wrong("--outputs is missing");
  return line;
}

}  // namespace coreflow::executor
