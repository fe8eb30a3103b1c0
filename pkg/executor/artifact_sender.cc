#include "pkg/executor/artifact_sender.h"

#include <algorithm>
#include <array>

#include "pkg/executor/answer.h"
#include "pkg/executor/socket.h"
#include "pkg/executor/source.h"

namespace coreflow::executor {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr size_t kFrame = size_t{64} << 10;
constexpr size_t kLength = 4;  // the bytes in front of a frame

void PutLength(size_t length, std::span<char> frame) {
  for (size_t i = 0; i < kLength; ++i) frame[i] = static_cast<char>(length >> (8 * (kLength - 1 - i)) & 0xff);
}

// Whether the courier has taken all of it.
Result<bool> SendFrames(Source& source, Socket& courier) {
  std::vector<char> frame(kLength + kFrame);
  while (true) {
    TRY(const size_t count, source.Read(std::span(frame).subspan(kLength)));
    PutLength(count, frame);
    if (!courier.Send({frame.data(), kLength + count})) return false;
    if (count == 0) return true;
  }
}

std::string InWords(seconds time) {
  const bool minutes = time.count() % 60 == 0;
  return std::to_string(minutes ? time.count() / 60 : time.count()) + (minutes ? " minutes" : " seconds");
}

}  // namespace

Result<Stored> ArtifactSender::TryOnce(const Artifact& artifact) {
  TRY(Source source, Source::Open(artifact));
  TRY(Socket courier, Socket::Connect(socket_, silence_));
  met_ = true;
  bool complete = courier.Send("PUT " + artifact.name + " " + artifact.archive + "\n");
  if (complete) {
    TRY(complete, SendFrames(source, courier));
  }
  TRY(const std::string line, courier.ReadLine());
  return ReadAnswer(line, complete);
}

// A courier that starts beside a short command takes milliseconds, one whose store is slow longer.
milliseconds ArtifactSender::NextPause(milliseconds last) const {
  constexpr milliseconds kLongest = seconds(30);
  if (met_) return std::clamp(2 * last, milliseconds(seconds(1)), kLongest);
  return std::min(milliseconds(2) + (most_patience_ - patience_) / 4, kLongest);
}

Result<Stored> ArtifactSender::Send(const Artifact& artifact) {
  milliseconds pause{0};
  while (true) {
    auto stored = TryOnce(artifact);
    if (stored) patience_ = most_patience_;
    if (stored || stored.error().code != Code::kUnavailable) return stored;
    if (patience_ == milliseconds(0)) {
      return Error{
          .code = Code::kUnavailable,
          .message = "the courier has stored nothing for " + InWords(most_patience_) + ": " + stored.error().message};
    }
    pause = NextPause(pause);
    const milliseconds now = std::min(pause, patience_);
    wait_(now);
    patience_ -= now;
  }
}

void SendAll(const std::vector<Artifact>& artifacts, ArtifactSender& sender, Message* message) {
  for (const Artifact& artifact : artifacts) {
    auto stored = sender.Send(artifact);
    if (stored) {
      message->artifacts[artifact.name] = *std::move(stored);
    } else if (message->problem.empty() && !(artifact.optional && stored.error().code == Code::kNotFound)) {
      message->problem = "artifact " + artifact.name + ": " + stored.error().message;
    }
  }
}

}  // namespace coreflow::executor
