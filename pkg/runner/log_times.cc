#include "pkg/runner/log_times.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>

namespace coreflow::runner {

namespace {

struct Written {
  uint64_t bytes = 0;
  Time last = {};
};

std::optional<Written> Look(const std::string& log) {
  struct stat file = {};
  if (stat(log.c_str(), &file) != 0) return std::nullopt;
  const auto since_epoch = std::chrono::seconds(file.st_mtim.tv_sec) + std::chrono::nanoseconds(file.st_mtim.tv_nsec);
  return Written{.bytes = static_cast<uint64_t>(file.st_size),
                 .last = Time(std::chrono::duration_cast<Duration>(since_epoch))};
}

}  // namespace

std::string LogTimesOf(const std::string& log) { return log + ".times"; }

uint64_t NoteLogTime(const std::string& log, uint64_t noted) {
  const auto now = Look(log);
  if (!now || now->bytes <= noted) return noted;
  std::ofstream(LogTimesOf(log), std::ios::app) << now->bytes << " " << FormatMicroTime(now->last) << "\n";
  return now->bytes;
}

LogTimes LogTimes::Read(const std::string& log) {
  LogTimes times;
  std::ifstream file(LogTimesOf(log));
  uint64_t end = 0;
  std::string written;
  while (file >> end >> written) {
    if (const auto time = ParseTime(written)) times.spans_.push_back({.end = end, .written = *time});
  }
  const auto now = Look(log);
  if (now && (times.spans_.empty() || now->bytes > times.spans_.back().end)) {
    times.spans_.push_back({.end = now->bytes, .written = now->last});
  }
  return times;
}

Time LogTimes::At(uint64_t place) const {
  if (spans_.empty()) return {};
  const auto span = std::ranges::upper_bound(spans_, place, {}, &Span::end);
  return span == spans_.end() ? spans_.back().written : span->written;
}

uint64_t LogTimes::PlaceOf(Time since) const {
  uint64_t place = 0;
  for (const Span& span : spans_) {
    if (span.written >= since) break;
    place = span.end;
  }
  return place;
}

}  // namespace coreflow::runner
