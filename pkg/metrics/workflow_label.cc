#include "pkg/metrics/workflow_label.h"

namespace coreflow::metrics {

std::string DeclaredName(std::string_view name, std::string_view generate_name) {
  if (generate_name.empty() || !name.starts_with(generate_name)) return std::string(name);
  const size_t last = generate_name.find_last_not_of('-');
  return std::string(last == std::string_view::npos ? name : generate_name.substr(0, last + 1));
}

std::string WorkflowLabel::For(std::string_view declared_name) {
  const std::lock_guard lock(mu_);
  if (known_.contains(declared_name)) return std::string(declared_name);
  if (known_.size() >= limit_) return kOther;
  return *known_.emplace(declared_name).first;
}

}  // namespace coreflow::metrics
