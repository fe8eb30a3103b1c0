#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "pkg/logging/line.h"

namespace coreflow::logging {

// Where lines go. Thread-safe.
class Sink {
 public:
  virtual ~Sink() = default;
  // One line, without its newline. Not to block for long: the reactor's thread may be waiting.
  virtual void Write(Level level, std::string_view line) = 0;
};

// Says what happened: a constant message, facts as fields.
//
//   log.Info("job created", {{"workflow", key}, {"step", name}});
//
// A value that is cheap to copy; copies write to the same sink and have one level together. Thread-safe.
class Log {
 public:
  using Clock = std::function<std::chrono::system_clock::time_point()>;

  // Says nothing.
  Log() = default;

  // Drops what is below `level`. `clock` is called from whatever thread logs.
  Log(std::shared_ptr<Sink> sink, Level level, Clock clock = &std::chrono::system_clock::now);

  // The same log, with these facts in every line.
  Log With(Fields fields) const;

  bool Enabled(Level level) const { return sink_ != nullptr && level >= this->level(); }

  // kError when it says nothing.
  Level level() const { return level_ ? level_->load(std::memory_order_relaxed) : Level::kError; }
  // From now on, for this log and all that were copied from it, or it from them. Does nothing when it says nothing.
  void SetLevel(Level level) const {
    if (level_) level_->store(level, std::memory_order_relaxed);
  }

  void Debug(std::string_view message, Fields fields = {}) const { Write(Level::kDebug, message, fields); }
  void Info(std::string_view message, Fields fields = {}) const { Write(Level::kInfo, message, fields); }
  void Warn(std::string_view message, Fields fields = {}) const { Write(Level::kWarn, message, fields); }
  void Error(std::string_view message, Fields fields = {}) const { Write(Level::kError, message, fields); }

 private:
  void Write(Level level, std::string_view message, Fields fields) const;

  std::shared_ptr<Sink> sink_;
  std::shared_ptr<std::atomic<Level>> level_;  // null without a sink
  Clock clock_;
  std::string context_;  // from FormatFields
};

}  // namespace coreflow::logging
