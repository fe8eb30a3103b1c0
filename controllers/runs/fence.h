#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "pkg/base/loop.h"
#include "pkg/kube/client.h"

namespace coreflow::runs {

// Keeps a former leader's requests out: the API server's admission policy refuses pods whose epoch is lower than that
// of their bucket in the Fence object (charts/coreflow/templates/fence.yaml). Whoever begins to lead raises all
// buckets. API servers read the object from a cache of their own, so the fence is up a moment later; it narrows what
// can come late, and tombstones (pkg/engine/tombstones.h) close it. On the loop's thread; loop and client outlive it.
class Fence {
 public:
  struct Options {
    std::string ns = {};  // of the Fence
    std::string holder = {};
    // How long is waited for the policies to refuse the epoch before. Then there are none, or they don't work.
    Duration patience = std::chrono::seconds(60);
    std::function<bool()> may_write = {};  // whether the fence is still ours to raise
    std::function<void(const kube::ApiError& error)> on_trouble = {};
  };
  // `up`: a pod of an earlier epoch was refused.
  using Done = std::function<void(int64_t epoch, bool up)>;

  Fence(Loop& loop, kube::Client& client, Options options);
  ~Fence();
  Fence(const Fence&) = delete;
  Fence& operator=(const Fence&) = delete;

  // Raises it to an epoch that no bucket has had, `at_least` or more. Tries for as long as it may write; `done` isn't
  // called when it may no more.
  void Raise(int64_t at_least, Done done);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

// What the fence has against a pod. Not against a status: that one object has a later epoch may be somebody's mistake.
// Never anything because of what users wrote.
enum class Fenced {
  kNo,
  kEpochIsOver,   // another replica leads
  kObjectIsGone,  // somebody deleted it: the fence must be raised anew
  kNotYet,        // this API server does not know the object yet, say after its start: to be sent again
};
Fenced FencedBy(const kube::ApiError& error);

}  // namespace coreflow::runs
