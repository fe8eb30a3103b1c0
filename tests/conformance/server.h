#pragma once

#include <functional>
#include <string>

#include "pkg/base/time.h"
#include "pkg/http/transport.h"

namespace coreflow::conformance {

// An API server under test, real or fake.
class Server {
 public:
  virtual ~Server() = default;

  virtual http::Transport& transport() = 0;

  // Lets completions and sinks run until `done` holds, for at most `limit`; gives what `done` says then. `done` and
  // what runs meanwhile never run at the same time.
  virtual bool Await(const std::function<bool()>& done, Duration limit) = 0;

  // A word that no earlier run against the same server has used; fit for names.
  virtual std::string Unique() = 0;
};

}  // namespace coreflow::conformance
