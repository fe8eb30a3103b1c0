#include "operator/rehearsal/rehearse.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "operator/rehearsal/pod_outcomes.h"
#include "operator/rehearsal/replica.h"
#include "pkg/apiserver/object.h"
#include "pkg/cli/run_view.h"
#include "pkg/reactor/virtual_loop.h"

namespace coreflow::rehearsal {

namespace {

using scenario::Action;
using scenario::Event;
using scenario::Rehearsal;
using scenario::Rehearsed;
using std::chrono::seconds;

// Pods that share a node share its fate: so many that few do.
constexpr int kNodes = 100;
constexpr seconds kDowntime{5};    // of a controller that was killed
constexpr size_t kHistory = 1000;  // changes of a resource; nobody looks back far
constexpr size_t kMostAtOnce = 10'000'000;

class Stage {
 public:
  explicit Stage(const Rehearsal& rehearsal)
      : rehearsal_(rehearsal),
        blobs_(loop_),
        outcomes_(loop_, rehearsal.rules, blobs_),
        cluster_(loop_, {.script = [this](const json::Value& pod) { return BehaviourOf(pod); }, .nodes = kNodes}),
        resource_(
            *apiserver::FindKind(rehearsal.object["apiVersion"].StringOr(""), rehearsal.object["kind"].StringOr(""))),
        name_space_(apiserver::NamespaceOf(rehearsal.object)),
        name_(apiserver::NameOf(rehearsal.object)) {
    cluster_.registry.StopAudit();
    cluster_.store.LimitHistory(kHistory);
  }

  Result<Rehearsed> Play() {
    if (cluster_.Get(apiserver::Namespaces(), "", name_space_).IsNull()) {
      const json::Object space{
          {"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", json::Object{{"name", name_space_}}}};
      if (auto made = cluster_.Create(apiserver::Namespaces(), "", space); !made) return Refused(made.failure());
    }
    Start();
    const auto created = cluster_.Create(resource_, name_space_, rehearsal_.object);
    if (!created) return Refused(created.failure());
    const Duration began = loop_.Monotonic();
    for (const Event& event : rehearsal_.events)
      loop_.After(FromSeconds(event.at_seconds), [this, event] { Do(event); });
    cluster_.store.Observe([this](const apiserver::Change& change) { OnChange(change); });
    while (!over_ && loop_.Monotonic() - began < rehearsal_.most && loop_.AdvanceToNext(kMostAtOnce)) {
    }
    return Rehearsed{.object = cluster_.Get(resource_, name_space_, name_),
                     .records = cluster_.List(Records(), name_space_),
                     .pods = over_ ? std::vector<json::Value>() : cluster_.List(apiserver::Pods(), name_space_),
                     .over = over_,
                     .took = loop_.Monotonic() - began,
                     .pods_made = pods_made_,
                     .met = outcomes_.met()};
  }

 private:
  static Error Refused(const apiserver::Failure& failure) {
    return {.code = Code::kInvalid, .message = failure.message};
  }
  static const apiserver::Resource& Records() {
    return *apiserver::FindKind("coreflow.dev/v1alpha1", "WorkflowRecord");
  }

  simulation::Behaviour BehaviourOf(const json::Value& pod) {
    ++pods_made_;
    return outcomes_.BehaviourOf(pod, cluster_);
  }

  void OnChange(const apiserver::Change& change) {
    if (change.resource != &resource_ || !change.after) return;
    over_ = cli::IsOver(change.after->object());
  }

  void Start() { replica_ = std::make_unique<Replica>(loop_, cluster_, blobs_); }

  void Do(const Event& event) {
    switch (event.action) {
      case Action::kKillController: replica_.reset(); return loop_.After(kDowntime, [this] { Start(); });
      case Action::kCutOffController:
        if (replica_) replica_->CutOff(true);
        return loop_.After(FromSeconds(event.for_seconds), [this] {
          if (replica_) replica_->CutOff(false);
        });
      case Action::kSuspend: return Change({{"suspend", true}});
      case Action::kResume: return Change({{"suspend", false}});
      case Action::kStop: return Change({{"stop", "Graceful"}});
    }
  }

  void Change(json::Object spec) {
    const auto changed =
        cluster_.MergePatch(resource_, name_space_, name_, json::Object{{"spec", json::Value(std::move(spec))}});
    static_cast<void>(changed);  // one that is over may be gone
  }

  const Rehearsal& rehearsal_;
  reactor::VirtualLoop loop_;
  PretendedBlobs blobs_;
  PodOutcomes outcomes_;
  int pods_made_ = 0;
  bool over_ = false;
  simulation::Cluster cluster_;
  const apiserver::Resource& resource_;
  const std::string name_space_;
  const std::string name_;
  std::unique_ptr<Replica> replica_;
};

}  // namespace

Result<Rehearsed> Rehearse(const Rehearsal& rehearsal) { return Stage(rehearsal).Play(); }

}  // namespace coreflow::rehearsal
