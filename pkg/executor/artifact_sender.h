#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/executor/command_line.h"
#include "pkg/executor/message.h"

namespace coreflow::executor {

// Hands artifacts to the courier, a connection each. What both sides say: pkg/courier/output_server.h. A connection
// that ends without an answer is tried again, from the beginning. For one thread.
class ArtifactSender {
 public:
  // Returns when that much time has passed.
  using Wait = std::function<void(std::chrono::milliseconds)>;

  // How long it waits in all until the courier stores something.
  static constexpr std::chrono::seconds kPatience = std::chrono::minutes(10);
  // The same for what the step does without, and for an answer to it.
  static constexpr std::chrono::seconds kLittlePatience{30};

  ArtifactSender(std::string socket, Wait wait) : socket_(std::move(socket)), wait_(std::move(wait)) {}
  // With other limits; `silence` as Socket::Connect has it.
  ArtifactSender(std::string socket, Wait wait, std::chrono::seconds patience, std::chrono::milliseconds silence)
      : socket_(std::move(socket)), wait_(std::move(wait)), most_patience_(patience), silence_(silence) {}

  // Returns when the courier has stored it. kNotFound when nothing is at its path; else an error says why it could not
  // be stored. When its patience is at an end without any artifact stored, each is tried once.
  Result<Stored> Send(const Artifact& artifact);

 private:
  // kUnavailable: it may be tried again.
  Result<Stored> TryOnce(const Artifact& artifact);
  std::chrono::milliseconds NextPause(std::chrono::milliseconds last) const;

  const std::string socket_;
  const Wait wait_;
  const std::chrono::seconds most_patience_ = kPatience;
  const std::chrono::milliseconds silence_{0};
  std::chrono::milliseconds patience_ = most_patience_;
  bool met_ = false;  // the courier was there at least once
};

// Sends them in order, each whatever came of the others, and adds to the message what was stored, and, unless it has
// one already, the first problem.
void SendAll(const std::vector<Artifact>& artifacts, ArtifactSender& sender, Message* message);

}  // namespace coreflow::executor
