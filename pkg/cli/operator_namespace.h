#pragma once

#include <string>

#include "pkg/base/result.h"
#include "pkg/cli/session.h"

namespace coreflow::cli {

// --operator-namespace.
Flag OperatorNamespaceFlag();

// Where CoreFlow is installed: what is `named`, that flag's value; when that is empty, the install that has claimed
// namespace `ns`, else the usual place. kCancelled after Ctrl-C; no other error.
Result<std::string> OperatorNamespace(Session& session, const std::string& named, const std::string& ns);

}  // namespace coreflow::cli
