#include "pkg/cli/run_watch.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "pkg/engine/names.h"
#include "pkg/engine/pod_view.h"

namespace coreflow::cli {

namespace {

// Which pods and records are of the run.
kube::Selection PartsOf(const kube::ObjectKey& key, const json::Value& object, int64_t number) {
  const std::string id = engine::RunId(object["metadata"]["uid"].StringOr(""), static_cast<int32_t>(number));
  return {.ns = key.ns, .labels = fmt::format("{}={}", engine::kLabelRun, id)};
}

int64_t RunNumber(const json::Value& object) { return object["status"]["run"]["number"].IntOr(0); }

std::string UidOf(const json::Value& object) { return object["metadata"]["uid"].StringOr(""); }

Result<std::shared_ptr<const void>> Keep(const json::Value& object) {
  return std::shared_ptr<const void>(std::make_shared<const json::Value>(object));
}

}  // namespace

class RunWatch::Shelf : private kube::InformerHandler {
 public:
  Shelf(RunWatch& watch, const kube::Resource& resource, kube::Selection selection)
      : watch_(watch),
        resource_(resource),
        informer_(watch.session_.environment().loop, watch.session_.client(),
                  {.resource = resource,
                   .selection = std::move(selection),
                   .decode = Keep,
                   .random = [] { return 0.5; },
                   .on_trouble = [this](const kube::ApiError& error) { watch_.Fail(resource_, error); }},
                  *this) {
    informer_.Start();
  }

  bool synced() const { return informer_.synced(); }
  std::vector<json::Value> Objects() const {
    std::vector<json::Value> objects;
    for (const auto& [name, object] : objects_) objects.push_back(*object);
    return objects;
  }

 private:
  void OnUpsert(const kube::ObjectKey& key, const kube::ObjectVersion&, std::shared_ptr<const void> object) override {
    auto& slot = objects_[key.name];
    slot = std::static_pointer_cast<const json::Value>(std::move(object));
    if (slot->Find("kind") == nullptr) {
      json::Object members = slot->Members();
      members["apiVersion"] = kube::ApiVersion(resource_);
      members["kind"] = resource_.kind;
      slot = std::make_shared<const json::Value>(std::move(members));
    }
    if (synced()) watch_.Changed();
  }
  void OnDelete(const kube::ObjectKey& key, const kube::ObjectVersion&) override {
    objects_.erase(key.name);
    if (synced()) watch_.Changed();
  }
  void OnSynced() override { watch_.Changed(); }
  void OnUndecodable(const kube::ObjectKey&, const kube::ObjectVersion&, const std::string&) override {}

  RunWatch& watch_;
  const kube::Resource resource_;
  std::map<std::string, std::shared_ptr<const json::Value>> objects_;
  kube::Informer informer_;
};

RunWatch::RunWatch(Session& session, FoundRun run, Options options)
    : session_(session), run_(std::move(run)), options_(std::move(options)), object_(run_.object) {
  objects_ = std::make_unique<Shelf>(*this, run_.resource,
                                     kube::Selection{.ns = run_.key.ns, .fields = "metadata.name=" + run_.key.name});
}

RunWatch::~RunWatch() = default;

bool RunWatch::complete() const {
  if (!objects_->synced()) return false;
  return !options_.parts || number_ < 1 || (records_->synced() && (pods_->synced() || pods_denied_));
}

std::vector<json::Value> RunWatch::records() const {
  return records_ ? records_->Objects() : std::vector<json::Value>();
}

std::vector<json::Value> RunWatch::pods() const { return pods_ ? pods_->Objects() : std::vector<json::Value>(); }

void RunWatch::Changed() {
  troubled_ = false;
  const std::vector<json::Value> found = objects_ ? objects_->Objects() : std::vector<json::Value>();
  gone_ = found.empty() || UidOf(found.front()) != UidOf(run_.object);
  if (!gone_) object_ = found.front();
  if (options_.parts) FollowParts();
  if (complete() && options_.on_change) options_.on_change();
}

void RunWatch::FollowParts() {
  if (RunNumber(object_) == number_) return;
  number_ = RunNumber(object_);
  if (number_ < 1) return;
  const kube::Selection selection = PartsOf(run_.key, object_, number_);
  records_ = std::make_unique<Shelf>(*this, kube::kWorkflowRecords, selection);
  pods_ = std::make_unique<Shelf>(*this, kube::kPods, selection);
}

void RunWatch::Fail(const kube::Resource& resource, const kube::ApiError& error) {
  const Code code = error.error.code;
  if (code == Code::kForbidden && resource == kube::kPods) {
    if (!std::exchange(pods_denied_, true)) Changed();
    return;
  }
  const Error worded = session_.Worded({.verb = kube::Verb::kWatch, .resource = resource, .ns = run_.key.ns}, error);
  if (code == Code::kForbidden || code == Code::kUnauthorized || code == Code::kNotFound || code == Code::kInvalid) {
    failure_ = worded;
    if (options_.on_change) options_.on_change();
  } else if (code == Code::kUnavailable && !std::exchange(troubled_, true) && options_.on_trouble) {
    options_.on_trouble(worded.message);
  }
}

Result<RunParts> ReadParts(Session& session, const FoundRun& run) {
  RunParts parts;
  if (RunNumber(run.object) < 1) return parts;
  const kube::Selection selection = PartsOf(run.key, run.object, RunNumber(run.object));
  TRY(parts.records, session.List(kube::kWorkflowRecords, selection));
  auto pods = session.List(kube::kPods, selection);
  if (!pods && pods.error().code != Code::kForbidden) return pods.error();
  if (pods) parts.pods = *std::move(pods);
  return parts;
}

}  // namespace coreflow::cli
