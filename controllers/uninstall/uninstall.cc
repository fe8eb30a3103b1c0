#include "controllers/uninstall/uninstall.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "pkg/engine/pod_view.h"
#include "pkg/kube/request.h"

namespace coreflow::uninstall {

namespace {

using json::Array;
using json::Object;
using json::Value;
using kube::Answer;
using kube::Resource;

constexpr int kPage = 500;

bool HasEnded(const Value& object) {
  const std::string state = object["status"]["state"].StringOr("");
  const bool of_this_spec = object["status"]["observedGeneration"] == object["metadata"]["generation"];
  return of_this_spec && (state == "Succeeded" || state == "Failed" || state == "Stopped");
}

bool HasFinalizer(const Value& pod) {
  const Array& finalizers = pod["metadata"]["finalizers"].Elements();
  return std::ranges::find(finalizers, Value(engine::kFinalizer)) != finalizers.end();
}

// What is to be written, as a merge patch; null: nothing.
Value Suspension(const Value& object) {
  if (object["spec"]["suspend"].BoolOr(false) || HasEnded(object)) return {};
  return Object{{"spec", Object{{"suspend", true}}}};
}

// With the version that was seen: what others do to the finalizers meanwhile is not undone.
Value Release(const Value& pod) {
  if (!HasFinalizer(pod)) return {};
  Array rest;
  for (const Value& finalizer : pod["metadata"]["finalizers"].Elements()) {
    if (finalizer != Value(engine::kFinalizer)) rest.push_back(finalizer);
  }
  return Object{
      {"metadata", Object{{"resourceVersion", pod["metadata"]["resourceVersion"]}, {"finalizers", std::move(rest)}}}};
}

}  // namespace

class Uninstall::Impl : public std::enable_shared_from_this<Uninstall::Impl> {
 public:
  Impl(Loop& loop, kube::Client& client, Options options) : loop_(loop), client_(client), options_(std::move(options)) {
    if (options_.namespaces.empty()) options_.namespaces = {""};
  }

  void Start(Done done) {
    done_ = std::move(done);
    loop_.After(options_.patience, [self = shared_from_this()] { self->End(false); });
    options_.suspend ? SuspendAll() : ReleaseAll();
  }

  void Close() { done_ = nullptr; }

 private:
  // A pass over all objects of some resources: what is left to do in it, and what came of it.
  struct Pass {
    Value (*patch_of)(const Value& object) = nullptr;
    int* count = nullptr;
    int open = 0;  // requests without an answer
    bool clean = true;
    void (Impl::*then)(bool clean) = nullptr;
  };

  void SuspendAll() {
    Begin({.patch_of = &Suspension, .count = &summary_.suspended, .then = &Impl::Suspended},
          {kube::kWorkflows, kube::kJobs}, "");
  }

  void Suspended(bool clean) {
    if (!clean) return Later(&Impl::SuspendAll, std::chrono::seconds(1));
    Later(&Impl::ReleaseAll, options_.settle);
  }

  void ReleaseAll() {
    Begin({.patch_of = &Release, .count = &summary_.released, .then = &Impl::Released}, {kube::kPods},
          engine::kLabelRun);
  }

  void Released(bool clean) {
    if (clean) return End(true);
    Later(&Impl::ReleaseAll, std::chrono::seconds(1));
  }

  void Later(void (Impl::*step)(), Duration delay) {
    loop_.After(delay, [self = shared_from_this(), step] {
      if (self->done_) (self.get()->*step)();
    });
  }

  // Patches what wants it; the pass is clean when nothing did.
  void Begin(Pass begun, const std::vector<Resource>& resources, const std::string& labels) {
    auto pass = std::make_shared<Pass>(begun);
    for (const Resource& resource : resources) {
      for (const std::string& ns : options_.namespaces) List(pass, resource, {.ns = ns, .labels = labels}, "");
    }
  }

  void List(const std::shared_ptr<Pass>& pass, const Resource& resource, const kube::Selection& selection,
            const std::string& token) {
    Send(pass, "list " + std::string(resource.plural),
         kube::List(resource, selection, {.limit = kPage, .continue_token = token}),
         [this, pass, resource, selection](const Value& page) {
           for (const Value& object : page["items"].Elements()) Patch(pass, resource, object);
           const std::string next = page["metadata"]["continue"].StringOr("");
           if (!next.empty()) List(pass, resource, selection, next);
         });
  }

  void Patch(const std::shared_ptr<Pass>& pass, const Resource& resource, const Value& object) {
    const Value patch = pass->patch_of(object);
    if (patch.IsNull()) return;
    pass->clean = false;
    const kube::ObjectKey key{.ns = object["metadata"]["namespace"].StringOr(""),
                              .name = object["metadata"]["name"].StringOr("")};
    Send(pass, "patch " + std::string(resource.plural) + " " + key.ns + "/" + key.name,
         kube::Patch(resource, key, patch, {.write = {.field_manager = "coreflow-uninstall"}}),
         [pass](const Value&) { ++*pass->count; });
  }

  void Send(const std::shared_ptr<Pass>& pass, const std::string& doing, Result<kube::Request> request,
            std::function<void(const Value& body)> then) {
    ++pass->open;
    auto answered = [self = shared_from_this(), pass, doing, then = std::move(then)](const Answer& answer) {
      if (!self->done_) return;
      if (answer.ok()) {
        then(answer.body);
      } else if (answer.error->error.code != Code::kNotFound) {  // what is gone needs nothing
        pass->clean = false;
        if (self->options_.on_trouble) self->options_.on_trouble(doing, *answer.error);
      }
      if (--pass->open == 0) (self.get()->*pass->then)(pass->clean);
    };
    if (request) {
      client_.Send(*std::move(request), std::move(answered));
    } else {
      loop_.Post([answered, error = request.error()] { answered({.error = kube::ErrorWithoutAnswer(error)}); });
    }
  }

  void End(bool complete) {
    if (!done_) return;
    summary_.complete = complete;
    std::exchange(done_, nullptr)(summary_);
  }

  Loop& loop_;
  kube::Client& client_;
  Options options_;
  Done done_;
  Summary summary_;
};

Uninstall::Uninstall(Loop& loop, kube::Client& client, Options options)
    : impl_(std::make_shared<Impl>(loop, client, std::move(options))) {}
Uninstall::~Uninstall() { impl_->Close(); }
void Uninstall::Start(Done done) { impl_->Start(std::move(done)); }

}  // namespace coreflow::uninstall
