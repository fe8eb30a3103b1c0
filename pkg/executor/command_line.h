#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pkg/base/result.h"

namespace coreflow::executor {

// A file or folder that the command may leave.
struct Artifact {
  std::string name = {};
  std::string archive = {};  // "None", "Tar" or "TarZstd", as the courier is told it
  std::string path = {};
  bool optional = false;

  bool operator==(const Artifact&) const = default;
};

// Where what the command prints is kept.
struct Log {
  std::string name = {};  // under which it goes to the courier
  uint64_t most = 0;      // of bytes that are kept
  std::string path = {};

  bool operator==(const Log&) const = default;
};

// What coreflow-exec is asked to do.
struct CommandLine {
  std::string socket = {};   // the courier's
  std::string message = {};  // where the message is left
  std::string outputs = {};  // what the command writes its outputs to
  // The name under which outputs go to the courier when they are large; empty: they don't.
  std::string large_outputs = {};
  std::optional<Log> log = {};    // none: what it prints is not kept
  uint64_t message_limit = 4096;  // a message that names the log has fewer bytes
  std::vector<Artifact> artifacts = {};
  std::vector<std::string> command = {};

  bool operator==(const CommandLine&) const = default;
};

// Of the arguments behind the program's name:
//
//   --socket PATH --message PATH --outputs PATH [--large-outputs NAME]
//   [--log NAME=BYTES:PATH] [--message-limit BYTES]
//   [--artifact NAME=ARCHIVE:PATH | --optional-artifact NAME=ARCHIVE:PATH]... -- COMMAND [ARG...]
//
// kInvalid, saying what is wrong: an option that is not one of these, is missing or stands twice, a path that is not
// absolute, a name that is no word, bytes that are no number, no command.
Result<CommandLine> ParseCommandLine(std::span<const char* const> arguments);

}  // namespace coreflow::executor
