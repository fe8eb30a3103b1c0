#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/kubeconfig/config.h"

namespace coreflow::kubeconfig {

// What to load.
struct Where {
  // In order of precedence. For every cluster, user and context the first file that has it gives all of it.
  std::vector<std::string> files = {};
  // --kubeconfig names one file that must exist; in $KUBECONFIG a missing file is passed over.
  bool must_exist = false;
  std::string context = {};  // empty: current-context of the first file that has one
};

// The paths in the value of $KUBECONFIG, in order, each once; empty: HOME/.kube/config.
std::vector<std::string> FilesFrom(std::string_view kubeconfig, std::string_view home);

// Reads and merges the files as kubectl does and picks the context. kNotFound when no file exists or there is no such
// context, kInvalid when what is there can't be used; the message names the file, the context and the field.
Result<Config> Load(const Where& where);

}  // namespace coreflow::kubeconfig
