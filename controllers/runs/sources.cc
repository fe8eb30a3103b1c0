#include "controllers/runs/sources.h"

#include <map>
#include <utility>

#include "controllers/runs/decode.h"
#include "pkg/engine/names.h"
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

class Sources::Impl : public std::enable_shared_from_this<Sources::Impl> {
 public:
  Impl(Loop& loop, kube::Client& client, Options options) : loop_(loop), client_(client), options_(std::move(options)) {
    std::vector<std::string> namespaces = options_.namespaces;
    if (namespaces.empty()) namespaces.push_back("");
    if (options_.on_claim) {
      for (const std::string& ns : namespaces) AddClaims(ns);
    }
    for (const std::string& ns : namespaces) AddPods(ns);
    for (const std::string& ns : namespaces) AddRecords(ns);
    for (const std::string& ns : namespaces) AddObjects(Kind::kWorkflow, kube::kWorkflows, ns);
    for (const std::string& ns : namespaces) AddObjects(Kind::kJob, kube::kJobs, ns);
  }

  void Start() { sources_.front().start(); }
  bool synced() const { return synced_ == sources_.size(); }
  void Refresh(std::function<void()> done) {
    on_fresh_ = std::move(done);
    if (synced()) RefreshFrom(0);
  }
  void NoteAnswer(const OwnerKey& owner, const engine::PodView& pod) {
    const ObjectKey key{.ns = pod.namespace_name, .name = pod.name};
    if (pod.has_finalizer && !pod_owners_.contains(key)) unwatched_[key] = {owner, pod.uid};
  }

 private:
  struct Source {
    std::function<void()> start = {};  // owns the informer
    std::function<kube::Informer&()> informer = {};
  };

  kube::InformerOptions InformerOptionsFor(const kube::Resource& resource, kube::Selection selection) {
    return {.resource = resource,
            .selection = std::move(selection),
            .random = options_.random,
            .on_listed = [this, source = sources_.size()] { OneListed(source); },
            .on_trouble = [this, name = std::string(resource.plural)](
                              const kube::ApiError& error) { options_.on_trouble(name, error); }};
  }

  void OneSynced() {
    ++synced_;
    if (synced_ < sources_.size()) return sources_[synced_].start();
    options_.on_synced();
    if (on_fresh_) RefreshFrom(0);
  }

  // Never inside an informer's call: from the loop.
  void RefreshFrom(size_t source) {
    refreshing_ = source;
    if (source == sources_.size()) return std::exchange(on_fresh_, nullptr)();
    lists_before_ = sources_[source].informer().counts().lists;
    Relist();
  }

  void Relist() {
    loop_.Post([weak = weak_from_this()] {
      if (auto self = weak.lock()) self->sources_[self->refreshing_].informer().Relist();
    });
  }

  // A list that was under way when the refresh began may show what was there before: only one begun after it counts.
  void OneListed(size_t source) {
    if (!on_fresh_ || !synced() || source != refreshing_) return;
    if (sources_[refreshing_].informer().counts().lists == lists_before_) return Relist();
    RefreshFrom(refreshing_ + 1);
  }

  template <typename T>
  void Add(kube::InformerOptions options, typename kube::TypedInformer<T>::Decode decode,
           const std::function<void(const ObjectKey&, const std::shared_ptr<const T>&)>& upsert,
           const std::function<void(const ObjectKey&, const ObjectVersion&)>& remove) {
    const std::string name(options.resource.plural);
    kube::TypedHandler<T> handler{
        .on_upsert = [upsert](const ObjectKey& key, const ObjectVersion&,
                              const std::shared_ptr<const T>& object) { upsert(key, object); },
        .on_delete = remove,
        .on_synced = [this] { OneSynced(); },
        .on_undecodable = [this, name](const ObjectKey& key, const ObjectVersion&,
                                       const std::string& message) { options_.on_undecodable(name, key, message); }};
    auto informer = std::make_shared<kube::TypedInformer<T>>(loop_, client_, std::move(options), std::move(decode),
                                                             std::move(handler));
    sources_.push_back({.start = [informer] { informer->Start(); },
                        .informer = [informer]() -> kube::Informer& { return informer->informer(); }});
  }

  // What came and went between two lists, no watch shows, and no list misses what it never had.
  void TellMissing(const std::string& ns) {
    for (auto it = unwatched_.begin(); it != unwatched_.end();) {
      if (!ns.empty() && it->first.ns != ns) {
        ++it;
        continue;
      }
      const auto [key, pod] = *it;
      it = unwatched_.erase(it);
      options_.observe(pod.first, engine::PodGone{.name = key.name, .uid = pod.second});
    }
  }

  // A pod is watched now, or somebody has taken the name of one that is gone.
  void TellReplaced(const ObjectKey& key, const std::string& uid) {
    auto unwatched = unwatched_.extract(key);
    if (unwatched.empty() || unwatched.mapped().second == uid) return;
    const auto& [owner, gone] = unwatched.mapped();
    options_.observe(owner, engine::PodGone{.name = key.name, .uid = gone});
  }

  void AddClaims(const std::string& ns) {
    kube::InformerOptions options = InformerOptionsFor(kube::kLeases, {.ns = ns, .fields = engine::kOnlyClaims});
    Add<std::string>(
        std::move(options),
        [](const json::Value& lease) -> Result<std::string> { return lease["spec"]["holderIdentity"].StringOr(""); },
        [this](const ObjectKey& key, const std::shared_ptr<const std::string>& holder) {
          options_.on_claim(key.ns, *holder);
        },
        [this](const ObjectKey& key, const ObjectVersion&) { options_.on_claim(key.ns, std::nullopt); });
  }

  void AddPods(const std::string& ns) {
    kube::InformerOptions options = InformerOptionsFor(kube::kPods, {.ns = ns, .labels = engine::kLabelRun});
    options.shape = kPodShape;
    options.on_listed = [this, ns, then = options.on_listed] {
      TellMissing(ns);
      then();
    };
    Add<PodOfOwner>(
        std::move(options),
        [](const json::Value& object) -> Result<PodOfOwner> {
          return PodOfOwner{.owner = OwnerOfDependent(object), .pod = engine::ParsePod(object)};
        },
        [this](const ObjectKey& key, const std::shared_ptr<const PodOfOwner>& pod) {
          pod_owners_[key] = pod->owner;
          TellReplaced(key, pod->pod.uid);
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
        InformerOptionsFor(kube::kWorkflowRecords, {.ns = ns}),
        [](const json::Value& object) -> Result<RecordView> { return DecodeRecord(object); },
        [this](const ObjectKey& key, const std::shared_ptr<const RecordView>& record) {
          options_.on_record(key, record.get());
          options_.observe(record->owner,
                           engine::RecordSeen{.run = record->run, .index = record->index, .body = record->body});
        },
        [this](const ObjectKey& key, const ObjectVersion&) { options_.on_record(key, nullptr); });
  }

  void AddObjects(Kind kind, const kube::Resource& resource, const std::string& ns) {
    Add<engine::ObjectView>(
        InformerOptionsFor(resource, {.ns = ns}),
        [kind](const json::Value& object) -> Result<engine::ObjectView> { return engine::ParseObject(kind, object); },
        [this, kind](const ObjectKey& key, const std::shared_ptr<const engine::ObjectView>& object) {
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
  std::vector<Source> sources_;
  size_t synced_ = 0;
  std::function<void()> on_fresh_;  // empty: no refresh is wanted
  size_t refreshing_ = 0;           // the source that is listed anew
  uint64_t lists_before_ = 0;       // of that source, begun before its turn
  std::map<ObjectKey, OwnerKey> pod_owners_;
  std::map<ObjectKey, std::pair<OwnerKey, std::string>> unwatched_;  // pods known by answers alone, with their UIDs
};

Sources::Sources(Loop& loop, kube::Client& client, Options options)
    : impl_(std::make_shared<Impl>(loop, client, std::move(options))) {}
Sources::~Sources() = default;
void Sources::Start() { impl_->Start(); }
bool Sources::synced() const { return impl_->synced(); }
void Sources::NoteAnswer(const OwnerKey& owner, const engine::PodView& pod) { impl_->NoteAnswer(owner, pod); }
void Sources::Refresh(std::function<void()> done) { impl_->Refresh(std::move(done)); }

}  // namespace coreflow::runs
