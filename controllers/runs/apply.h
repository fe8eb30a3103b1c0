#pragma once

#include <functional>
#include <string>

#include "pkg/base/loop.h"
#include "pkg/cache/blobs.h"
#include "pkg/cache/step_cache.h"
#include "pkg/engine/action.h"
#include "pkg/engine/observation.h"
#include "pkg/kube/client.h"
#include "pkg/kube/event_recorder.h"
#include "pkg/reactor/reactor.h"

namespace coreflow::runs {

// Turns actions into requests, and their answers into observations. The only place that writes to the cluster. What
// can't be known from an answer (a timeout, a cut connection) is looked up before it is said; what failed for now is
// tried again, with growing waits, for as long as the leader may act. On the loop's thread; all outlive it.
class Applier {
 public:
  struct Options {
    // Whether we may act now. Asked before every write; a write that comes too late is dropped.
    std::function<bool()> may_write = {};
    std::function<void(const reactor::OwnerKey& key, const engine::Observation& observation)> observe = {};
    // Whether the engine still waits for that pod to be created. Asked before a create is tried again: the first try
    // may have been heard of otherwise, or nobody may want the pod any more.
    std::function<bool(const reactor::OwnerKey& key, const std::string& pod)> awaits_pod = {};
    // Whether the object is still there, as far as its engine knows. Asked before a record is tried again.
    std::function<bool(const reactor::OwnerKey& key)> lives = {};
    // A write was refused because another leads. Nothing more should be asked for.
    std::function<void()> on_fenced = {};
    // Null: nothing is kept, and all that is looked up can't be cached.
    cache::StepCache* cache = nullptr;
    // Null: there is no store, and no outputs can be had of it.
    cache::Blobs* blobs = nullptr;
    // What the cache has answered. For metrics.
    std::function<void(const engine::CacheVerdict& verdict)> on_cache_answer = {};
    // Something was refused or went wrong. For logs.
    std::function<void(const reactor::OwnerKey& key, const std::string& doing, const kube::ApiError& error)>
        on_trouble = {};
  };

  Applier(Loop& loop, kube::Client& client, kube::EventRecorder& events, Options options);
  ~Applier();
  Applier(const Applier&) = delete;
  Applier& operator=(const Applier&) = delete;

  void Apply(const reactor::OwnerKey& key, const engine::Action& action);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace coreflow::runs
