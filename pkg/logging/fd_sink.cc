#include "pkg/logging/fd_sink.h"

#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <mutex>
#include <string>

namespace coreflow::logging {
namespace {

// base_sink gives the lock: sink_it_ never runs twice at once.
class PatientSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  PatientSink(int fd, std::chrono::milliseconds patience) : fd_(fd), patience_(patience) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    std::string text = unfinished_ ? "\n" : "";
    if (lost_ > 0) {
      text +=
          FormatLine(std::chrono::system_clock::now(), Level::kWarn, "log lines lost", "", {{"lines", lost_}}) + "\n";
    }
    text.append(message.payload.data(), message.payload.size()).append("\n");
    if (WriteAll(text)) {
      lost_ = 0;
    } else {
      ++lost_;
    }
  }
  void flush_() override {}

  bool HasRoom() {
    pollfd entry = {.fd = fd_, .events = POLLOUT, .revents = 0};
    const int timeout = lost_ > 0 ? 0 : static_cast<int>(patience_.count());
    int ready;
    do {
      ready = poll(&entry, 1, timeout);
    } while (ready < 0 && errno == EINTR);
    return ready == 1 && (entry.revents & POLLOUT) != 0;
  }

  // A pipe that says POLLOUT takes PIPE_BUF bytes without blocking.
  bool WriteAll(std::string_view text) {
    while (!text.empty()) {
      if (!HasRoom()) return false;
      const ssize_t written = write(fd_, text.data(), std::min<size_t>(text.size(), PIPE_BUF));
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) return false;
      text.remove_prefix(static_cast<size_t>(written));
      unfinished_ = !text.empty();
    }
    return true;
  }

  const int fd_;
  const std::chrono::milliseconds patience_;
  int64_t lost_ = 0;         // lines since the last that was written
  bool unfinished_ = false;  // the last line was cut short
};

spdlog::level::level_enum SpdlogLevel(Level level) {
  switch (level) {
    case Level::kDebug: return spdlog::level::debug;
    case Level::kInfo: return spdlog::level::info;
    case Level::kWarn: return spdlog::level::warn;
    case Level::kError: return spdlog::level::err;
  }
  return spdlog::level::err;
}

class FdSink final : public Sink {
 public:
  FdSink(int fd, std::chrono::milliseconds patience)
      : logger_("coreflow", std::make_shared<PatientSink>(fd, patience)) {
    logger_.set_level(spdlog::level::debug);  // Log has sorted out the level already
  }

  void Write(Level level, std::string_view line) override {
    logger_.log(SpdlogLevel(level), spdlog::string_view_t(line.data(), line.size()));
  }

 private:
  spdlog::logger logger_;
};

}  // namespace

std::shared_ptr<Sink> MakeFdSink(int fd, std::chrono::milliseconds patience) {
  return std::make_shared<FdSink>(fd, patience);
}

std::shared_ptr<Sink> MakeStderrSink() { return MakeFdSink(STDERR_FILENO, std::chrono::milliseconds(100)); }

}  // namespace coreflow::logging
