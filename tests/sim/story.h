#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "pkg/apiserver/audit.h"

namespace coreflow::sim {

// What happened, for people: every accepted write in a line, and between them what befell cluster and processes.
class Story {
 public:
  // `live`: each line is printed as it comes.
  Story(const apiserver::Audit& audit, bool live) : audit_(audit), live_(live) {}

  // Something that is no write.
  void Note(Time at, const std::string& what);
  // Takes the writes since the last call.
  void Follow();
  // The last lines, at most so many.
  std::string Last(size_t lines) const;

 private:
  const apiserver::Audit& audit_;
  const bool live_;
  size_t followed_ = 0;
  std::vector<std::pair<Time, std::string>> notes_;
  std::vector<size_t> notes_at_;  // how many writes there were before each
};

// One write: when, by whom, of what, and the fields that the engine decides by.
std::string Describe(const apiserver::AuditEntry& entry);

}  // namespace coreflow::sim
