#pragma once

#include <string>
#include <vector>

#include "pkg/base/secret.h"

namespace coreflow::engine {

// How pods with artifacts reach the artifact store (docs/decisions/0016). The same in each term.
struct CourierSetup {
  std::string image = {};                                            // has the courier and coreflow-exec
  std::vector<std::string> command = {"/usr/bin/coreflow-courier"};  // in it
  std::string url = {};                                              // of the data service
  std::string certificate = {};                                      // SHA-256 of the data service's; empty: no TLS
  Secret<std::string> key = {};                                      // of the tokens (artifact/store_token.h)
};

}  // namespace coreflow::engine
