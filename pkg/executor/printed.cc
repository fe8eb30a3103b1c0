#include "pkg/executor/printed.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

namespace coreflow::executor {

namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kPiece = size_t{16} << 10;

int MillisecondsUntil(Clock::time_point time) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(time - Clock::now()).count();
  return static_cast<int>(std::max<int64_t>(0, left));
}

}  // namespace

Result<Printed> Printed::Into(LogFile file) {
  Printed printed(std::move(file));
  for (size_t i = 0; i < printed.streams_.size(); ++i) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return files::SystemError("a pipe", errno);
    Stream& stream = printed.streams_[i];
    stream.ours = files::Descriptor(ends[0]);
    stream.theirs = files::Descriptor(ends[1]);
    // Of our end only: the command must not find its stdout unlike that of others.
    if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return files::SystemError("a pipe", errno);
    stream.to = i == 0 ? STDOUT_FILENO : STDERR_FILENO;
    stream.buffer.resize(kPiece);
  }
  return printed;
}

void Printed::CommandHasThem() {
  for (Stream& stream : streams_) stream.theirs.Close();
}

pollfd Printed::Stream::Wanted() const {
  if (Pending()) return {.fd = to, .events = POLLOUT, .revents = 0};
  return {.fd = ours.get(), .events = POLLIN, .revents = 0};
}

void Printed::Stream::Read(LogFile& file) {
  const ssize_t count = ::read(ours.get(), buffer.data(), buffer.size());
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {
    owed = 0;
    return ours.Close();
  }
  begin = 0;
  end = static_cast<size_t>(count);
  owed -= std::min(owed, end);
  file.Add({buffer.data(), end});
  if (to < 0) begin = end;
}

// No more than what a pipe with any room takes at once, else it would block, and signals would wait. Whoever shares our
// stdout must not find it non-blocking.
void Printed::Stream::Pass() {
  const ssize_t count = ::write(to, buffer.data() + begin, std::min<size_t>(end - begin, PIPE_BUF));
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count < 0) {
    to = -1;
    begin = end;
    return;
  }
  begin += static_cast<size_t>(count);
}

Printed::Polled Printed::Wanted() const { return {streams_[0].Wanted(), streams_[1].Wanted()}; }

void Printed::Move(std::span<const pollfd> polled) {
  for (size_t i = 0; i < streams_.size(); ++i) {
    if (polled[i].revents == 0) continue;
    if (streams_[i].Pending()) {
      streams_[i].Pass();
    } else {
      streams_[i].Read(file_);
    }
  }
}

// What the command wrote is in the pipes now, whoever else has them open.
void Printed::Drain() {
  for (Stream& stream : streams_) {
    int bytes = 0;
    if (stream.ours && ::ioctl(stream.ours.get(), FIONREAD, &bytes) == 0) stream.owed = static_cast<size_t>(bytes);
  }
  const auto latest = Clock::now() + std::chrono::milliseconds(kGrace);
  while (true) {
    const int left = MillisecondsUntil(latest);
    Polled wanted = Wanted();
    bool any = false;
    for (size_t i = 0; i < streams_.size(); ++i) {
      if (left == 0 && !streams_[i].Pending() && streams_[i].owed == 0) wanted[i].fd = -1;
      any = any || wanted[i].fd >= 0;
    }
    if (!any) return;
    const int ready = ::poll(wanted.data(), wanted.size(), left > 0 ? left : kStandstill);
    if (ready < 0 && errno != EINTR) return;
    if (ready > 0) Move(wanted);
    if (ready != 0 || left > 0) continue;
    // What stands still is our reader: what is owed would be there.
    if (!streams_[0].Pending() && !streams_[1].Pending()) return;
    for (Stream& stream : streams_) {
      if (stream.Pending()) stream.to = -1;
      stream.begin = stream.end;
    }
  }
}

}  // namespace coreflow::executor
