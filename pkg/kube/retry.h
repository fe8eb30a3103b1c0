#pragma once

#include <optional>

#include "pkg/base/time.h"
#include "pkg/kube/api_error.h"
#include "pkg/kube/request.h"

namespace coreflow::kube {

// What was done for a request so far.
struct Tries {
  int retries = 0;            // not counting the one below
  bool reauthorized = false;  // sent again after a 401

  bool operator==(const Tries&) const = default;
};

// How long to wait before the request is sent again, which is noted in `tries`; nullopt: it has failed. The rules are
// those of client-go (rest/with_retry.go), except that its retries of creates after a cut connection are left out.
std::optional<Duration> NextTry(Verb verb, const ApiError& error, int max_retries, Tries& tries);

}  // namespace coreflow::kube
