#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "pkg/base/loop.h"
#include "pkg/base/testing/dice.h"
#include "tests/fakes/admission.h"
#include "tests/fakes/store.h"

namespace coreflow::fakes {

// The policies of charts/coreflow/templates/fence.yaml, as API servers that read the Leases from caches of their own
// have them: each request may meet a server that is behind by up to `most_lag`. Store and loop outlive it.
class FencePolicies {
 public:
  struct Options {
    std::string ns = "kube-system";  // of the Leases
    Duration most_lag = {};
    uint64_t seed = 1;
  };
  FencePolicies(Store& store, const Loop& loop, Options options);
  FencePolicies(const FencePolicies&) = delete;
  FencePolicies& operator=(const FencePolicies&) = delete;

  std::optional<Failure> Ask(const AdmissionRequest& request);

 private:
  std::optional<int64_t> EpochSeen(const std::string& lease, Duration at) const;

  const Loop& loop_;
  const Options options_;
  Dice random_;
  // By Lease: what it said, and since when; nullopt: it was not there.
  std::map<std::string, std::deque<std::pair<Duration, std::optional<int64_t>>>> seen_;
};

}  // namespace coreflow::fakes
