#pragma once

#include <memory>
#include <string>

#include "pkg/apiserver/registry.h"
#include "pkg/base/loop.h"

namespace coreflow::apiserver {

// Empties a namespace that is being deleted and then removes it. The loop and the registry outlive it.
class NamespaceController {
 public:
  NamespaceController(Loop& loop, Registry& registry, Duration delay = std::chrono::milliseconds(500));
  NamespaceController(const NamespaceController&) = delete;
  NamespaceController& operator=(const NamespaceController&) = delete;

 private:
  void Later(const std::string& name);
  void Empty(const std::string& name);

  Loop& loop_;
  Registry& registry_;
  Duration delay_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace coreflow::apiserver
