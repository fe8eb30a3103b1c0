#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pkg/base/time.h"

namespace coreflow::runner {

// Notes in a file beside a log how much of it was written when, so that the log itself has nothing but what its program
// wrote. `noted`: how much was known before. Gives how much is now.
uint64_t NoteLogTime(const std::string& log, uint64_t noted);

// The file beside it.
std::string LogTimesOf(const std::string& log);

// When what is in a log was written; as exact as it was noted often.
class LogTimes {
 public:
  // What was not noted yet counts as written with the last of it.
  static LogTimes Read(const std::string& log);

  // Of the byte at that place.
  Time At(uint64_t place) const;
  // Where begins what was written then or later.
  uint64_t PlaceOf(Time since) const;

 private:
  struct Span {
    uint64_t end = 0;
    Time written = {};
  };
  std::vector<Span> spans_;  // one after another
};

}  // namespace coreflow::runner
