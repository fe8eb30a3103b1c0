#include "controllers/uninstall/uninstall.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "pkg/engine/names.h"
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
constexpr Duration kPause = std::chrono::seconds(1);  // before a pass is made again

bool HasEnded(const Value& object) {
  const std::string state = object["status"]["state"].StringOr("");
  const bool of_this_spec = object["status"]["observedGeneration"] == object["metadata"]["generation"];
  return of_this_spec && (state == "Succeeded" || state == "Failed" || state == "Stopped");
}

bool HasFinalizer(const Value& pod) {
  const Array& finalizers = pod["metadata"]["finalizers"].Elements();
  return std::ranges::find(finalizers, Value(engine::kFinalizer)) != finalizers.end();
}

// What is to be written; nullopt: nothing.
using Write = std::optional<Result<kube::Request>>;

kube::ObjectKey KeyOf(const Value& object) {
  return {.ns = object["metadata"]["namespace"].StringOr(""), .name = object["metadata"]["name"].StringOr("")};
}

Write MergePatch(const Resource& resource, const Value& object, const Value& patch) {
  return kube::Patch(resource, KeyOf(object), patch, {.write = {.field_manager = "coreflow-uninstall"}});
}

Write Suspension(const Resource& resource, const Value& object) {
  if (object["spec"]["suspend"].BoolOr(false) || HasEnded(object)) return {};
  return MergePatch(resource, object, Object{{"spec", Object{{"suspend", true}}}});
}

// With the version that was seen: what others do to the finalizers meanwhile is not undone.
Write Release(const Resource& resource, const Value& pod) {
  if (!HasFinalizer(pod)) return {};
  Array rest;
  for (const Value& finalizer : pod["metadata"]["finalizers"].Elements()) {
    if (finalizer != Value(engine::kFinalizer)) rest.push_back(finalizer);
  }
  return MergePatch(resource, pod,
                    Object{{"metadata", Object{{"resourceVersion", pod["metadata"]["resourceVersion"]},
                                               {"finalizers", std::move(rest)}}}});
}

std::string HolderOf(const Value& lease) { return lease["spec"]["holderIdentity"].StringOr(""); }

}  // namespace

class Uninstall::Impl : public std::enable_shared_from_this<Uninstall::Impl> {
 public:
  Impl(Loop& loop, kube::Client& client, Options options) : loop_(loop), client_(client), options_(std::move(options)) {
    if (options_.namespaces.empty()) options_.namespaces = {""};
  }

  void Start(Done done) {
    done_ = std::move(done);
    loop_.After(options_.patience, [self = shared_from_this()] { self->End(false); });
    ReadClaims();
  }

  void Close() { done_ = nullptr; }

 private:
  // A pass over all objects of some resources: what is left to do in it, and what came of it.
  struct Pass {
    Write (Impl::*write_of)(const Resource& resource, const Value& object) = nullptr;
    int* count = nullptr;
    void (Impl::*then)(bool clean) = nullptr;
    kube::Selection selection = {};
    int open = 0;  // requests without an answer
    bool clean = true;
  };

  void ReadClaims() {
    others_.clear();
    Begin({.write_of = &Impl::NoteOthers, .then = &Impl::ClaimsRead, .selection = {.fields = engine::kOnlyClaims}},
          {kube::kLeases});
  }

  void ClaimsRead(bool clean) {
    if (!clean) return Later(&Impl::ReadClaims, kPause);
    options_.suspend ? SuspendAll() : ReleaseAll();
  }

  void SuspendAll() {
    Begin({.write_of = &Impl::SuspendOurs, .count = &summary_.suspended, .then = &Impl::Suspended},
          {kube::kWorkflows, kube::kJobs});
  }

  void Suspended(bool clean) {
    if (!clean) return Later(&Impl::SuspendAll, kPause);
    Later(&Impl::ReleaseAll, options_.settle);
  }

  void ReleaseAll() {
    Begin({.write_of = &Impl::ReleaseOurs,
           .count = &summary_.released,
           .then = &Impl::Released,
           .selection = {.labels = engine::kLabelRun}},
          {kube::kPods});
  }

  void Released(bool clean) { Later(clean ? &Impl::GiveUpClaims : &Impl::ReleaseAll, clean ? Duration(0) : kPause); }

  void GiveUpClaims() {
    Begin({.write_of = &Impl::GiveUpOurs, .then = &Impl::GivenUp, .selection = {.fields = engine::kOnlyClaims}},
          {kube::kLeases});
  }

  void GivenUp(bool clean) {
    if (clean) return End(true);
    Later(&Impl::GiveUpClaims, kPause);
  }

  Write NoteOthers(const Resource&, const Value& lease) {
    if (HolderOf(lease) != options_.owner) others_.insert(KeyOf(lease).ns);
    return {};
  }
  Write SuspendOurs(const Resource& resource, const Value& object) {
    return others_.contains(KeyOf(object).ns) ? std::nullopt : Suspension(resource, object);
  }
  Write ReleaseOurs(const Resource& resource, const Value& pod) {
    return others_.contains(KeyOf(pod).ns) ? std::nullopt : Release(resource, pod);
  }
  Write GiveUpOurs(const Resource& resource, const Value& lease) {
    if (HolderOf(lease) != options_.owner) return {};
    const Value& meta = lease["metadata"];
    return kube::Delete(resource, KeyOf(lease),
                        {.uid = meta["uid"].StringOr(""), .resource_version = meta["resourceVersion"].StringOr("")});
  }

  void Later(void (Impl::*step)(), Duration delay) {
    loop_.After(delay, [self = shared_from_this(), step] {
      if (self->done_) (self.get()->*step)();
    });
  }

  // Writes what wants it; the pass is clean when nothing did.
  void Begin(Pass begun, const std::vector<Resource>& resources) {
    auto pass = std::make_shared<Pass>(std::move(begun));
    for (const Resource& resource : resources) {
      for (const std::string& ns : options_.namespaces) {
        kube::Selection selection = pass->selection;
        selection.ns = ns;
        List(pass, resource, selection, "");
      }
    }
  }

  void List(const std::shared_ptr<Pass>& pass, const Resource& resource, const kube::Selection& selection,
            const std::string& token) {
    Send(pass, "list " + std::string(resource.plural),
         kube::List(resource, selection, {.limit = kPage, .continue_token = token}),
         [this, pass, resource, selection](const Value& page) {
           for (const Value& object : page["items"].Elements()) WriteTo(pass, resource, object);
           const std::string next = page["metadata"]["continue"].StringOr("");
           if (!next.empty()) List(pass, resource, selection, next);
         });
  }

  void WriteTo(const std::shared_ptr<Pass>& pass, const Resource& resource, const Value& object) {
    Write write = (this->*pass->write_of)(resource, object);
    if (!write) return;
    pass->clean = false;
    const kube::ObjectKey key = KeyOf(object);
    Send(pass, "change " + std::string(resource.plural) + " " + key.ns + "/" + key.name, *std::move(write),
         [pass](const Value&) {
           if (pass->count) ++*pass->count;
         });
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
  std::set<std::string> others_;  // namespaces of other installs
  Summary summary_;
};

Uninstall::Uninstall(Loop& loop, kube::Client& client, Options options)
    : impl_(std::make_shared<Impl>(loop, client, std::move(options))) {}
Uninstall::~Uninstall() { impl_->Close(); }
void Uninstall::Start(Done done) { impl_->Start(std::move(done)); }

}  // namespace coreflow::uninstall
