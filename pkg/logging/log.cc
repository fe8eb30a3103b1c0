#include "pkg/logging/log.h"

#include <utility>

namespace coreflow::logging {

Log::Log(std::shared_ptr<Sink> sink, Level level, Clock clock)
    : sink_(std::move(sink)), level_(std::make_shared<std::atomic<Level>>(level)), clock_(std::move(clock)) {}

Log Log::With(Fields fields) const {
  Log log = *this;
  log.context_ += FormatFields(fields);
  return log;
}

void Log::Write(Level level, std::string_view message, Fields fields) const {
  if (Enabled(level)) sink_->Write(level, FormatLine(clock_(), level, message, context_, fields));
}

}  // namespace coreflow::logging
