#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controllers/runs/decode.h"
#include "pkg/base/loop.h"
#include "pkg/engine/observation.h"
#include "pkg/kube/client.h"
#include "pkg/kube/informer.h"
#include "pkg/reactor/reactor.h"

namespace coreflow::runs {

// Watches claims, pods, records, workflows and jobs, and tells all but claims as observations. The first lists are
// taken in this order, each after the one before is complete: a result is stored before its pod goes, so a pod that the
// first list lacks has its result in the second. On the loop's thread; all outlive it.
class Sources {
 public:
  struct Options {
    std::vector<std::string> namespaces = {};  // empty: all
    std::function<double()> random = {};
    std::function<void(const reactor::OwnerKey& key, const engine::Observation& observation)> observe = {};
    // A record of somebody's, as it is now; null: it is gone.
    std::function<void(const kube::ObjectKey& key, const RecordView* record)> on_record = {};
    // Who has claimed a namespace; nullopt: nobody any more. Empty: claims are not watched.
    std::function<void(const std::string& ns, const std::optional<std::string>& holder)> on_claim = {};
    std::function<void()> on_synced = {};
    std::function<void(const std::string& resource, const kube::ObjectKey& key, const std::string& message)>
        on_undecodable = {};
    std::function<void(const std::string& resource, const kube::ApiError& error)> on_trouble = {};
  };

  Sources(Loop& loop, kube::Client& client, Options options);
  ~Sources();
  Sources(const Sources&) = delete;
  Sources& operator=(const Sources&) = delete;

  void Start();
  bool synced() const;

  // A pod as an answer showed it. If the next list lacks it and no watch has shown it, it is told as gone.
  void NoteAnswer(const reactor::OwnerKey& owner, const engine::PodView& pod);

  // Lists everything anew, in the same order, and calls `done` once that is told: then all that was stored before this
  // call has been. Once; `done` is not called when this is destroyed before.
  void Refresh(std::function<void()> done);

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace coreflow::runs
