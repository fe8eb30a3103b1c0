#pragma once

#include <functional>
#include <string>
#include <vector>

// For tests: coreflow-exec as it was built.
namespace coreflow::executor {

inline constexpr char kProgram[] = COREFLOW_EXEC;

struct ProgramEnd {
  int code = -1;  // 200 and the signal that killed it, unless it ended itself
  std::string complaint = {};
};

// Runs a program with `words` behind its name, and waits for its end. It is process 1 of a namespace of its own where
// this machine lets us make one. `prepare` runs before it, in its process.
ProgramEnd RunProgram(
    const std::string& program, std::vector<std::string> words, const std::function<void()>& prepare = [] {});

}  // namespace coreflow::executor
