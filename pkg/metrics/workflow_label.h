#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace coreflow::metrics {

// The name that somebody gave a workflow: of objects that the API server named after `generate_name`, that prefix
// without its dashes at the end; else the name itself.
std::string DeclaredName(std::string_view name, std::string_view generate_name);

// The values of a label that users choose. The first `limit` names are kept for as long as the program runs, all later
// ones become "_other", which no object can be called. Thread-safe.
class WorkflowLabel {
 public:
  static constexpr char kOther[] = "_other";

  explicit WorkflowLabel(size_t limit) : limit_(limit) {}

  std::string For(std::string_view declared_name);

 private:
  const size_t limit_;
  std::mutex mu_;
  std::set<std::string, std::less<>> known_;  // guarded by mu_
};

}  // namespace coreflow::metrics
