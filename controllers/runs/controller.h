#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "controllers/runs/apply.h"
#include "controllers/runs/claims.h"
#include "controllers/runs/fence.h"
#include "controllers/runs/read_contents.h"
#include "controllers/runs/record_blobs.h"
#include "controllers/runs/sources.h"
#include "pkg/base/loop.h"
#include "pkg/cache/entries.h"
#include "pkg/cache/step_cache.h"
#include "pkg/http/transport.h"
#include "pkg/kube/client.h"
#include "pkg/kube/event_recorder.h"
#include "pkg/kube/lease.h"
#include "pkg/reactor/reactor.h"

namespace coreflow::runs {

// Everything that makes workflows and jobs run, put together: watches, competes for the Lease, decides while it leads,
// acts. The operator wraps logs, metrics and probes around it, the simulator a cluster that fails. All state is in the
// cluster: one that is destroyed at any moment leaves nothing that another can't take up.
// On the loop's thread; loop and transport outlive it.
class Controller {
 public:
  struct Election {
    kube::ObjectKey lease = {};
    std::string identity = {};  // see kube::LeaseOptions
    kube::LeaseTimes times = {};
  };

  struct Fencing {
    Duration patience = Fence::Options{}.patience;
    // How long after it began to lead no pod's name is freed, since a former leader's requests may still take effect:
    // behind a fence that is up, and without one.
    Duration tombstones = engine::Tombstones::kLongestRequest;
    Duration tombstones_unfenced = std::chrono::minutes(5);
  };

  struct Options {
    std::vector<std::string> namespaces = {};  // empty: all
    int max_in_flight = 64;                    // requests to the API server
    std::string instance = {};                 // names this process in events
    std::optional<Election> election = {};     // nullopt: alone, leads from the start
    bool has_fence = false;                    // the policies of the fence are installed
    std::string claim_owner = {};              // see Claims
    Fencing fencing = {};
    std::function<double()> random = {};  // uniform in [0, 1)
    cache::Entries* results = nullptr;    // where results of steps are kept; null: nowhere. Outlives the controller
    ReadContents::Options contents = {};  // what results may depend on; by default nothing is read
    cache::Blobs* blobs = nullptr;        // where their large outputs are; null: nowhere. Outlives the controller
    std::shared_ptr<const engine::CourierSetup> courier = {};  // for steps with artifacts; null: there is no store
    bool traced = false;                                       // see engine::Term
  };

  // What others want to hear of; any may be empty. Called on the loop's thread, never inside the constructor.
  struct Hooks {
    std::function<void(kube::Verb verb, const kube::Resource& resource, int status)> on_request = {};
    std::function<void()> on_synced = {};
    // `fenced`: the API server keeps out what a former leader may still send.
    std::function<void(int64_t epoch, bool fenced)> on_leading = {};
    // The Lease is another's: nothing more is written, and this controller is of no more use.
    std::function<void()> on_lost = {};
    // A namespace with runs is another install's.
    std::function<void(const std::string& ns, const std::string& owner)> on_anothers = {};
    // Such a namespace was given up, or is another's now. Another controller made in this one's place, once it has
    // stopped, takes up what is there.
    std::function<void(const std::string& ns)> on_changed_hands = {};
    std::function<void(const reactor::OwnerKey& key, engine::Owner& owner, std::chrono::duration<double> took)>
        on_decided = {};
    std::function<void(const engine::CacheVerdict& verdict)> on_cache_answer = {};
    // A record was written by this controller, or was there when it was to be.
    std::function<void(const reactor::OwnerKey& key, const engine::RecordSeen& record)> on_recorded = {};
    std::function<void(const std::string& uid)> on_gone = {};
    std::function<void(const reactor::OwnerKey& key, const std::string& what)> on_quarantined = {};
    // Trouble, for logs: a request of a run, a claim on its namespace, a watch, a Lease, an object that can't be read.
    std::function<void(const reactor::OwnerKey& key, const std::string& doing, const kube::ApiError& error)>
        on_request_failed = {};
    std::function<void(const std::string& ns, const kube::ApiError& error)> on_claim_failed = {};
    std::function<void(const std::string& resource, const kube::ApiError& error)> on_watch_failed = {};
    std::function<void(const kube::ApiError& error)> on_lease_failed = {};
    std::function<void(const std::string& resource, const kube::ObjectKey& key, const std::string& message)>
        on_undecodable = {};
  };

  Controller(Loop& loop, http::Transport& transport, Options options, Hooks hooks);
  Controller(const Controller&) = delete;
  Controller& operator=(const Controller&) = delete;

  void Start();

  // Decides nothing more and gives the Lease back, which comes last; `done` may destroy this.
  void Stop(std::function<void()> done);

  // Whether it may write at this moment.
  bool leading() const;
  bool synced() const { return sources_.synced(); }
  // The artifacts that the results of runs refer to; nullopt where it does not lead, or has not seen all records yet.
  std::optional<cache::BlobsInUse> BlobsInUse() const;
  const reactor::Reactor& reactor() const { return reactor_; }

 private:
  kube::ClientOptions MakeClientOptions();
  std::unique_ptr<cache::StepCache> MakeCache();
  Applier::Options MakeApplierOptions();
  reactor::Reactor::Hooks MakeReactorHooks();
  Sources::Options MakeSourcesOptions();
  kube::LeaseOptions MakeLeaseOptions();
  Claims::Options MakeClaimsOptions();
  void Win(int64_t epoch);
  void RaiseFence();
  void Lead(int64_t epoch, bool fenced);
  void Lose();
  void StartIfReady();
  void SayLater(const reactor::OwnerKey& key);
  void ChangeHands(const std::string& ns);
  // Whether its status was written in a later term than ours. Then all begins anew.
  bool OfLaterEpoch(const reactor::OwnerKey& key);
  void LeaveCache(const std::string& uid);

  Loop& loop_;
  const Options options_;
  const Hooks hooks_;
  bool leading_ = false;
  std::optional<int64_t> won_;  // the Lease's epoch, until the fence is raised
  bool fresh_ = false;          // all that was stored before we led has been told
  engine::Term term_;
  std::set<std::string> later_;  // namespaces because of which all is about to begin anew
  kube::Client client_;
  kube::EventRecorder events_;
  ReadContents contents_;
  std::unique_ptr<cache::StepCache> cache_;  // null: there is none
  Applier applier_;
  Claims claims_;
  reactor::Reactor reactor_;
  RecordBlobs record_blobs_;
  Sources sources_;
  std::unique_ptr<kube::LeaderElector> elector_;                // null: alone
  std::unique_ptr<Fence> fence_;                                // null: there is none
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // work that is still in the loop looks
};

}  // namespace coreflow::runs
