#include "controllers/runs/sources.h"

#include <map>
#include <utility>

#include "controllers/runs/decode.h"
#include "pkg/engine/pod_view.h"
#include "pkg/kube/typed_informer.h"

namespace coreflow::runs {

namespace {

using engine::Kind;
using kube::ObjectKey;
using kube::ObjectVersion;
using reactor::OwnerKey;

// A pod with the object it belongs to.
struct PodOfOwner {
  OwnerKey owner;
  engine::PodView pod;
};

}  // namespace

class Sources::Impl {
 public:
  Impl(Loop& loop, kube::Client& client, Options options)
      : loop_(loop), client_(client), options_(std::move(options)) {
    std::vector<std::string> namespaces = options_.namespaces;
    if (namespaces.empty()) namespaces.push_back("");
    for (const std::string& ns : namespaces) AddPods(ns);
    for (const std::string& ns : namespaces) AddRecords(ns);
    for (const std::string& ns : namespaces) AddObjects(Kind::kWorkflow, kube::kWorkflows, ns);
    for (const std::string& ns : namespaces) AddObjects(Kind::kJob, kube::kJobs, ns);
  }

  void Start() { starts_.front()(); }
  bool synced() const { return synced_ == starts_.size(); }

 private:
  kube::InformerOptions InformerOptionsFor(const kube::Resource& resource, const std::string& ns, std::string labels) {
    return {.resource = resource,
            .selection = {.ns = ns, .labels = std::move(labels)},
            .random = options_.random,
            .on_trouble = [this, name = std::string(resource.plural)](const kube::ApiError& error) {
              options_.on_trouble(name, error);
            }};
  }

  void OneSynced() {
    ++synced_;
    if (synced_ < starts_.size()) {
      starts_[synced_]();
    } else {
      options_.on_synced();
    }
  }

  template <typename T>
  void Add(kube::InformerOptions options, typename kube::TypedInformer<T>::Decode decode,
           std::function<void(const ObjectKey&, std::shared_ptr<const T>)> upsert,
           std::function<void(const ObjectKey&, const ObjectVersion&)> remove) {
    const std::string name(options.resource.plural);
    kube::TypedHandler<T> handler{
        .on_upsert = [upsert](const ObjectKey& key, const ObjectVersion&, std::shared_ptr<const T> object) {
          upsert(key, std::move(object));
        },
        .on_delete = std::move(remove),
        .on_synced = [this] { OneSynced(); },
        .on_undecodable = [this, name](const ObjectKey& key, const ObjectVersion&, const std::string& message) {
          options_.on_undecodable(name, key, message);
        }};
    auto informer = std::make_shared<kube::TypedInformer<T>>(loop_, client_, std::move(options), std::move(decode),
                                                             std::move(handler));
    starts_.push_back([informer] { informer->Start(); });
  }

  void AddPods(const std::string& ns) {
    Add<PodOfOwner>(
        InformerOptionsFor(kube::kPods, ns, engine::kLabelRun),
        [](const json::Value& object) -> Result<PodOfOwner> {
          return PodOfOwner{.owner = OwnerOfDependent(object), .pod = engine::ParsePod(object)};
        },
        [this](const ObjectKey& key, std::shared_ptr<const PodOfOwner> pod) {
          pod_owners_[key] = pod->owner;
          options_.observe(pod->owner, engine::PodSeen{pod->pod});
        },
        [this](const ObjectKey& key, const ObjectVersion& version) {
          auto it = pod_owners_.find(key);
          if (it == pod_owners_.end()) return;
          OwnerKey owner = std::move(it->second);
          pod_owners_.erase(it);
          options_.observe(owner, engine::PodGone{.name = key.name, .uid = version.uid});
        });
  }

  void AddRecords(const std::string& ns) {
    Add<RecordView>(
        InformerOptionsFor(kube::kWorkflowRecords, ns, ""),
        [](const json::Value& object) -> Result<RecordView> { return DecodeRecord(object); },
        [this](const ObjectKey&, std::shared_ptr<const RecordView> record) {
          options_.observe(record->owner,
                           engine::RecordSeen{.run = record->run, .index = record->index, .body = record->body});
        },
        [](const ObjectKey&, const ObjectVersion&) {});
  }

  void AddObjects(Kind kind, const kube::Resource& resource, const std::string& ns) {
    Add<engine::ObjectView>(
        InformerOptionsFor(resource, ns, ""),
        [kind](const json::Value& object) -> Result<engine::ObjectView> { return engine::ParseObject(kind, object); },
        [this, kind](const ObjectKey& key, std::shared_ptr<const engine::ObjectView> object) {
          options_.observe({.kind = kind, .ns = key.ns, .name = key.name, .uid = object->uid},
                           engine::ObjectSeen{*object});
        },
        [this, kind](const ObjectKey& key, const ObjectVersion& version) {
          options_.observe({.kind = kind, .ns = key.ns, .name = key.name, .uid = version.uid}, engine::ObjectGone{});
        });
  }

  Loop& loop_;
  kube::Client& client_;
  const Options options_;
  std::vector<std::function<void()>> starts_;  // each owns its informer
  size_t synced_ = 0;
  std::map<ObjectKey, OwnerKey> pod_owners_;
};

Sources::Sources(Loop& loop, kube::Client& client, Options options)
    : impl_(std::make_unique<Impl>(loop, client, std::move(options))) {}
Sources::~Sources() = default;
void Sources::Start() { impl_->Start(); }
bool Sources::synced() const { return impl_->synced(); }

}  // namespace coreflow::runs
