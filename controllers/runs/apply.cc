#include "controllers/runs/apply.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "controllers/runs/decode.h"
#include "controllers/runs/fence.h"
#include "pkg/base/overloaded.h"
#include "pkg/engine/ended_run.h"
#include "pkg/engine/names.h"
#include "pkg/kube/request.h"

namespace coreflow::runs {

namespace {

using engine::Kind;
using json::Array;
using json::Object;
using json::Value;
using kube::Answer;
using kube::ApiError;
using reactor::OwnerKey;

constexpr char kFieldManager[] = "coreflow";
constexpr Duration kFirstWait = std::chrono::milliseconds(200);
constexpr Duration kMaxWait = std::chrono::seconds(10);
constexpr Duration kStorePatience = std::chrono::minutes(10);
constexpr int kRecordsAtOnce = 20;  // each has up to 256 KiB

const kube::Resource& ResourceOf(Kind kind) { return kind == Kind::kJob ? kube::kJobs : kube::kWorkflows; }

Value OwnerReference(const OwnerKey& key) {
  return Object{{"apiVersion", "coreflow.dev/v1alpha1"},
                {"kind", engine::KindName(key.kind)},
                {"name", key.name},
                {"uid", key.uid},
                {"controller", true},
                {"blockOwnerDeletion", true}};
}

Value RecordObject(const OwnerKey& key, const engine::WriteRecord& record) {
  Object object = record.body.Members();
  object["apiVersion"] = "coreflow.dev/v1alpha1";
  object["kind"] = "WorkflowRecord";
  object["metadata"] = Object{{"name", record.name},
                              {"namespace", key.ns},
                              {"labels", RecordLabels(key, record.run)},
                              {"ownerReferences", Array{OwnerReference(key)}}};
  return object;
}

Value StatusObject(const OwnerKey& key, const engine::WriteStatus& write) {
  return Object{
      {"apiVersion", "coreflow.dev/v1alpha1"},
      {"kind", engine::KindName(key.kind)},
      {"metadata",
       Object{
           {"name", key.name}, {"namespace", key.ns}, {"uid", key.uid}, {"resourceVersion", write.resource_version}}},
      {"status", write.status}};
}

// Whether the same request may succeed later without anything being mended.
bool ForNow(const ApiError& error) {
  return error.error.code == Code::kUnavailable || error.error.code == Code::kTooMany ||
         error.error.code == Code::kInternal || error.error.code == Code::kUnauthorized;
}

// The same refusal, as one that is worth another try.
Answer NotNow(Answer answer) {
  answer.error->error.code = Code::kUnavailable;
  return answer;
}

}  // namespace

class Applier::Impl : public std::enable_shared_from_this<Applier::Impl> {
 public:
  Impl(Loop& loop, kube::Client& client, kube::EventRecorder& events, Options options)
      : loop_(loop), client_(client), events_(events), options_(std::move(options)) {}

  void Apply(const OwnerKey& key, const engine::Action& action) {
    std::visit(overloaded{
                   [&](const engine::CreatePod& a) { CreatePod(key, a, kFirstWait); },
                   [&](const engine::EndPod& a) { EndPod(key, a, kFirstWait); },
                   [&](const engine::RemovePod& a) { RemovePod(key, a, kFirstWait); },
                   [&](const engine::ReleasePod& a) { ReleasePod(key, a, kFirstWait); },
                   [&](const engine::SweepPods& a) { SweepPods(key, a, kFirstWait); },
                   [&](const engine::SweepRecords& a) { SweepRecords(key, a, kFirstWait); },
                   [&](const engine::LookUpPod& a) { LookUpPod(key, a.name, kFirstWait); },
                   [&](const engine::LookUpObject&) { LookUpObject(key, kFirstWait); },
                   [&](const engine::LookUpRun& a) { LookUpRun(key, a.run, kFirstWait); },
                   [&](const engine::LookUpCache& a) { LookUpCache(key, a); },
                   [&](const engine::ComputeForCache& a) {
                     if (options_.cache) options_.cache->Compute(key.ns, key.uid, a);
                   },
                   [&](const engine::KeepInCache& a) {
                     if (options_.cache) options_.cache->Keep(key.ns, a);
                   },
                   [&](const engine::LeaveCache& a) {
                     if (options_.cache) options_.cache->Leave(a);
                   },
                   [&](const engine::LoadOutputs& a) { LoadOutputs(key, a.digest, kFirstWait, Duration(0)); },
                   [&](const engine::WriteRecord& a) { WriteRecord(key, a, kFirstWait); },
                   [&](const engine::WriteStatus& a) { WriteStatus(key, a); },
                   [&](const engine::DeleteObject& a) { DeleteObject(key, a); },
                   [&](const engine::EmitEvent& a) { EmitEvent(key, a); },
                   [&](const engine::WakeAt&) {},
               },
               action);
  }

  bool closed = false;

 private:
  using Handler = std::function<void(const Answer&)>;

  void Send(Result<kube::Request> request, Handler handler) {
    if (!request) {
      return handler({.error = kube::ErrorWithoutAnswer(request.error())});
    }
    if (!kube::ReadOnly(request->verb) && !options_.may_write()) return;
    const kube::SendOptions options{.shape = request->resource == kube::kPods ? kPodShape : kube::kObjectShape};
    auto done = [self = shared_from_this(), handler = std::move(handler)](const Answer& answer) {
      if (self->closed) return;
      const Fenced fenced = answer.ok() ? Fenced::kNo : FencedBy(*answer.error);
      if (fenced == Fenced::kNotYet) return handler(NotNow(answer));
      if (fenced != Fenced::kNo) return self->options_.on_fenced();
      handler(answer);
    };
    client_.Send(*std::move(request), std::move(done), options);
  }

  void Observe(const OwnerKey& key, const engine::Observation& observation) { options_.observe(key, observation); }

  void Trouble(const OwnerKey& key, const std::string& doing, const Answer& answer) {
    options_.on_trouble(key, doing, *answer.error);
  }

  // Runs `again` after `wait`, with twice the wait for the next time.
  template <typename Again>
  void Later(Duration wait, Again again) {
    loop_.After(wait, [self = shared_from_this(), wait, again = std::move(again)] {
      if (!self->closed) again(std::min(wait * 2, kMaxWait));
    });
  }

  void LookUpCache(const OwnerKey& key, const engine::LookUpCache& look) {
    auto answered = [self = shared_from_this(), key](const engine::CacheAnswered& answer) {
      if (self->closed) return;
      if (self->options_.on_cache_answer) self->options_.on_cache_answer(answer.verdict);
      self->Observe(key, answer);
    };
    if (options_.cache) return options_.cache->LookUp(key.ns, key.uid, look, std::move(answered));
    loop_.Post([answered, of = look.of] {
      answered({.of = of,
                .verdict = {.decision = engine::CacheVerdict::Decision::kNotCacheable,
                            .because = "CoreFlow was started without a store, so it keeps no results"}});
    });
  }

  void LoadOutputs(const OwnerKey& key, const std::string& digest, Duration wait, Duration waited) {
    GetBlob(key, digest, [this, key, digest, wait, waited](const Result<std::string>& text) {
      if (text) return Observe(key, engine::OutputsLoaded{.digest = digest, .text = *text});
      const Error& error = text.error();
      options_.on_trouble(key, "read outputs sha256:" + digest, kube::ErrorWithoutAnswer(error));
      const bool for_now = error.code == Code::kUnavailable || error.code == Code::kTooMany;
      if (!for_now || waited >= kStorePatience) {
        return Observe(key, engine::OutputsLoaded{.digest = digest, .problem = error.message});
      }
      Later(wait,
            [this, key, digest, waited = waited + wait](Duration next) { LoadOutputs(key, digest, next, waited); });
    });
  }

  void GetBlob(const OwnerKey& key, const std::string& digest, cache::Blobs::Got got) {
    auto answered = [self = shared_from_this(), got = std::move(got)](const Result<std::string>& text) {
      if (!self->closed) got(text);
    };
    if (options_.blobs) return options_.blobs->GetBlob(key.ns, digest, std::move(answered));
    loop_.Post(
        [answered] { answered(Error{.code = Code::kInvalid, .message = "CoreFlow was started without a store"}); });
  }

  // Kubernetes deletes the object only when its pods are gone (KEP-5080), so it counts as gone already.
  void NamespaceEnds(const OwnerKey& key) { Observe(key, engine::ObjectGone{}); }

  void CreatePod(const OwnerKey& key, const engine::CreatePod& create, Duration wait) {
    Send(kube::Create(kube::kPods, key.ns, create.pod, {.field_manager = kFieldManager}),
         [this, key, create, wait](const Answer& answer) {
           if (answer.ok()) return Observe(key, engine::PodSeen{engine::ParsePod(answer.body)});
           const ApiError& error = *answer.error;
           if (error.may_have_taken_effect) Observe(key, engine::CreateUnsure{});
           if (error.error.code == Code::kAlreadyExists || error.may_have_taken_effect) {
             return FindCreated(key, create, wait);
           }
           if (kube::IsNamespaceEnding(error)) return NamespaceEnds(key);
           Trouble(key, "create pod " + create.name, answer);
           if (ForNow(error) || error.error.code == Code::kConflict) {
             return CreateAgain(key, create, wait);
           }
           Refused(key, create.name, error);
         });
  }

  void CreateAgain(const OwnerKey& key, const engine::CreatePod& create, Duration wait) {
    Later(wait, [this, key, create](Duration next) {
      if (options_.awaits_pod(key, create.name)) CreatePod(key, create, next);
    });
  }

  // The pod is there, or it may be: what the API server itself says decides.
  void FindCreated(const OwnerKey& key, const engine::CreatePod& create, Duration wait) {
    Send(kube::Get(kube::kPods, {.ns = key.ns, .name = create.name}), [this, key, create, wait](const Answer& answer) {
      if (!answer.ok()) {
        if (answer.error->error.code == Code::kNotFound) return CreateAgain(key, create, wait);
        return Later(wait, [this, key, create](Duration next) { FindCreated(key, create, next); });
      }
      engine::PodView pod = engine::ParsePod(answer.body);
      if (pod.owner_uid == key.uid) return Observe(key, engine::PodSeen{std::move(pod)});
      Observe(key, engine::PodRefused{.name = create.name,
                                      .why = engine::PodRefused::Why::kNameTaken,
                                      .message = "a pod of that name exists and is not ours; it was not touched"});
    });
  }

  void Refused(const OwnerKey& key, const std::string& name, const ApiError& error) {
    using Why = engine::PodRefused::Why;
    Why why = error.error.code == Code::kInvalid ? Why::kInvalid : Why::kForbidden;
    if (kube::IsQuotaExceeded(error)) why = Why::kQuota;
    Observe(key, engine::PodRefused{.name = name, .why = why, .message = error.error.message});
  }

  void EndPod(const OwnerKey& key, const engine::EndPod& end, Duration wait) {
    if (end.annotated) return DeletePod(key, end, wait);
    Value patch = Object{
        {"metadata", Object{{"uid", end.uid},
                            {"resourceVersion", end.resource_version},
                            {"annotations", Object{{engine::kAnnotationEnding, engine::EndingName(end.ending)}}}}}};
    Send(kube::Patch(kube::kPods, {.ns = key.ns, .name = end.name}, patch, {.write = {.field_manager = kFieldManager}}),
         [this, key, end, wait](const Answer& answer) {
           // With the reason written, the engine asks for the deletion when it sees it.
           if (answer.ok()) return Observe(key, engine::PodSeen{engine::ParsePod(answer.body)});
           LookUpPod(key, end.name, wait);
         });
  }

  void DeletePod(const OwnerKey& key, const engine::EndPod& end, Duration wait) {
    Send(kube::Delete(kube::kPods, {.ns = key.ns, .name = end.name},
                      {.uid = end.uid, .resource_version = end.resource_version}),
         [this, key, end, wait](const Answer& answer) {
           if (!answer.ok() && answer.error->error.code != Code::kConflict)
             Trouble(key, "delete pod " + end.name, answer);
           LookUpPod(key, end.name, wait);
         });
  }

  void RemovePod(const OwnerKey& key, const engine::RemovePod& remove, Duration wait) {
    Send(kube::Delete(kube::kPods, {.ns = key.ns, .name = remove.name}, {.uid = remove.uid}),
         [this, key, remove, wait](const Answer& answer) {
           if (answer.ok()) return Observe(key, engine::PodSeen{engine::ParsePod(answer.body)});
           const Code code = answer.error->error.code;
           // A conflict says that another pod has the name by now.
           if (code == Code::kNotFound || code == Code::kConflict) {
             return Observe(key, engine::PodGone{.name = remove.name, .uid = remove.uid});
           }
           Trouble(key, "remove pod " + remove.name, answer);
           Later(wait, [this, key, remove](Duration next) { RemovePod(key, remove, next); });
         });
  }

  // `at` is the finalizer's place in the list; the test makes sure of it, and of whose pod this is.
  void ReleasePod(const OwnerKey& key, const engine::ReleasePod& release, Duration wait, size_t at = 0) {
    const std::string finalizer = "/metadata/finalizers/" + std::to_string(at);
    Value patch =
        Array{Object{{"op", "test"}, {"path", "/metadata/uid"}, {"value", release.uid}},
              Object{{"op", "test"}, {"path", finalizer}, {"value", engine::kFinalizer}},
              Object{{"op", "remove"}, {"path", finalizer}},
              Object{{"op", "add"}, {"path", "/metadata/labels/coreflow.dev~1done"}, {"value", release.done}}};
    kube::PatchOptions options{.type = kube::PatchType::kJson, .write = {.field_manager = kFieldManager}};
    Send(kube::Patch(kube::kPods, {.ns = key.ns, .name = release.name}, patch, options),
         [this, key, release, wait](const Answer& answer) {
           if (answer.ok()) return Observe(key, engine::PodSeen{engine::ParsePod(answer.body)});
           if (answer.error->error.code == Code::kNotFound) {
             return Observe(key, engine::PodGone{.name = release.name, .uid = release.uid});
           }
           if (answer.error->error.code != Code::kInvalid) Trouble(key, "release pod " + release.name, answer);
           Later(wait, [this, key, release](Duration next) { FindFinalizer(key, release, next); });
         });
  }

  // The patch did not fit the pod: somebody else's finalizer stands before ours, or ours is gone.
  void FindFinalizer(const OwnerKey& key, const engine::ReleasePod& release, Duration wait) {
    Send(kube::Get(kube::kPods, {.ns = key.ns, .name = release.name}),
         [this, key, release, wait](const Answer& answer) {
           if (!answer.ok() && answer.error->error.code != Code::kNotFound) {
             return Later(wait, [this, key, release](Duration next) { FindFinalizer(key, release, next); });
           }
           engine::PodView pod = engine::ParsePod(answer.body);
           if (!answer.ok() || pod.uid != release.uid) {
             return Observe(key, engine::PodGone{.name = release.name, .uid = release.uid});
           }
           if (!pod.has_finalizer) return Observe(key, engine::PodSeen{std::move(pod)});
           const auto& finalizers = answer.body["metadata"]["finalizers"].Elements();
           auto it = std::ranges::find(finalizers, Value(engine::kFinalizer));
           ReleasePod(key, release, wait, static_cast<size_t>(it - finalizers.begin()));
         });
  }

  // One at a time for each run: it may take long, and another one beside it would delete the same pods.
  void SweepPods(const OwnerKey& key, const engine::SweepPods& sweep, Duration wait) {
    auto [it, first] = sweeps_.try_emplace(sweep.run_id);
    if (!first) {
      it->second = sweep;
      return;
    }
    std::string done;
    for (const std::string& value : sweep.done) done += (done.empty() ? "" : ",") + value;
    std::string labels =
        std::string(engine::kLabelRun) + "=" + sweep.run_id + "," + engine::kLabelDone + " in (" + done + ")";
    Send(kube::DeleteCollection(kube::kPods, {.ns = key.ns, .labels = labels},
                                {.propagation = kube::Propagation::kBackground}),
         [this, key, sweep, wait](const Answer& answer) {
           std::optional<engine::SweepPods> next = std::move(sweeps_.extract(sweep.run_id).mapped());
           if (answer.ok()) {
             if (next) SweepPods(key, *next, kFirstWait);
             return;
           }
           Trouble(key, "sweep pods", answer);
           // One of many pods may take longer than its answer is waited for.
           const bool conflict = answer.error->error.code == Code::kConflict;
           if (!conflict && !ForNow(*answer.error) && !answer.error->may_have_taken_effect) return;
           Later(wait, [this, key, again = next.value_or(sweep)](Duration longer) { SweepPods(key, again, longer); });
         });
  }

  void SweepRecords(const OwnerKey& key, const engine::SweepRecords& sweep, Duration wait) {
    Send(kube::DeleteCollection(kube::kWorkflowRecords,
                                {.ns = key.ns, .labels = std::string(engine::kLabelRun) + "=" + sweep.run_id},
                                {.propagation = kube::Propagation::kBackground}),
         [this, key, sweep, wait](const Answer& answer) {
           if (answer.ok()) return;
           Trouble(key, "delete records of an old run", answer);
           // What is left is seen again after a restart.
           if (!ForNow(*answer.error)) return;
           Later(wait, [this, key, sweep](Duration next) { SweepRecords(key, sweep, next); });
         });
  }

  void LookUpPod(const OwnerKey& key, const std::string& name, Duration wait) {
    Send(kube::Get(kube::kPods, {.ns = key.ns, .name = name}), [this, key, name, wait](const Answer& answer) {
      engine::PodView pod = engine::ParsePod(answer.body);
      if (answer.ok() && pod.owner_uid == key.uid) return Observe(key, engine::PodSeen{std::move(pod)});
      // Where ours was, somebody else's may be by now.
      if (answer.ok() || answer.error->error.code == Code::kNotFound) return Observe(key, engine::PodAbsent{name});
      Later(wait, [this, key, name](Duration next) { LookUpPod(key, name, next); });
    });
  }

  void LookUpObject(const OwnerKey& key, Duration wait) {
    Send(kube::Get(ResourceOf(key.kind), {.ns = key.ns, .name = key.name}), [this, key, wait](const Answer& answer) {
      if (!answer.ok() && answer.error->error.code != Code::kNotFound) {
        return Later(wait, [this, key](Duration next) { LookUpObject(key, next); });
      }
      engine::ObjectView object = engine::ParseObject(key.kind, answer.body);
      if (!answer.ok() || object.uid != key.uid) return Observe(key, engine::ObjectGone{});
      Observe(key, engine::ObjectSeen{std::move(object)});
    });
  }

  void LookUpRun(const OwnerKey& key, const api::RunName& run, Duration wait) {
    Send(kube::Get(ResourceOf(key.kind), {.ns = key.ns, .name = run.object}), [this, key, run,
                                                                               wait](const Answer& answer) {
      if (answer.ok()) return ReadRecords(key, engine::EndedRun(answer.body, run), "", wait);
      if (answer.error->error.code == Code::kNotFound) {
        const std::string kind = engine::KindName(key.kind);
        return Observe(key, engine::RunLookedUp{.asked = run, .problem = "there is no " + kind + " " + run.object});
      }
      Trouble(key, "look up run " + api::ToText(run), answer);
      Later(wait, [this, key, run](Duration next) { LookUpRun(key, run, next); });
    });
  }

  // A page at a time, each added to `run`.
  void ReadRecords(const OwnerKey& key, engine::RunLookedUp run, const std::string& page, Duration wait) {
    if (!run.problem.empty()) return Observe(key, run);
    const kube::Selection selection{
        .ns = key.ns, .labels = std::string(engine::kLabelRun) + "=" + engine::RunId(run.uid, run.number)};
    Send(kube::List(kube::kWorkflowRecords, selection, {.limit = kRecordsAtOnce, .continue_token = page}),
         [this, key, run = std::move(run), wait](const Answer& answer) mutable {
           if (!answer.ok()) {  // also when the rest of the list has expired
             Trouble(key, "read the records of run " + api::ToText(run.asked), answer);
             return Later(wait, [this, key, asked = run.asked](Duration next) { LookUpRun(key, asked, next); });
           }
           for (const Value& object : answer.body["items"].Elements()) {
             RecordView record = DecodeRecord(object);
             if (record.owner.uid == run.uid) run.records[record.index] = std::move(record.body);
           }
           const std::string rest = answer.body["metadata"]["continue"].StringOr("");
           if (!rest.empty()) return ReadRecords(key, std::move(run), rest, kFirstWait);
           auto digests = engine::LargeOutputsIn(run.records);
           ReadOutputs(key, std::move(run), std::move(digests));
         });
  }

  // One after another; one that can't be had is left out.
  void ReadOutputs(const OwnerKey& key, engine::RunLookedUp run, std::set<std::string> digests) {
    if (digests.empty()) return Observe(key, run);
    const std::string digest = digests.extract(digests.begin()).value();
    GetBlob(key, digest,
            [this, key, run = std::move(run), digests = std::move(digests),
             digest](const Result<std::string>& text) mutable {
              if (text) run.outputs[digest] = *text;
              ReadOutputs(key, std::move(run), std::move(digests));
            });
  }

  void WriteRecord(const OwnerKey& key, const engine::WriteRecord& record, Duration wait) {
    Send(kube::Create(kube::kWorkflowRecords, key.ns, RecordObject(key, record), {.field_manager = kFieldManager}),
         [this, key, record, wait](const Answer& answer) {
           if (answer.ok()) return Observe(key, engine::RecordSeen{record.run, record.index, answer.body});
           if (answer.error->error.code == Code::kAlreadyExists) return ReadRecord(key, record, wait);
           if (kube::IsNamespaceEnding(*answer.error)) return NamespaceEnds(key);
           Trouble(key, "create record " + record.name, answer);
           WriteRecordAgain(key, record, wait);
         });
  }

  void WriteRecordAgain(const OwnerKey& key, const engine::WriteRecord& record, Duration wait) {
    Later(wait, [this, key, record](Duration next) {
      if (options_.lives(key)) WriteRecord(key, record, next);
    });
  }

  void ReadRecord(const OwnerKey& key, const engine::WriteRecord& record, Duration wait) {
    Send(kube::Get(kube::kWorkflowRecords, {.ns = key.ns, .name = record.name}),
         [this, key, record, wait](const Answer& answer) {
           if (answer.ok() && DecodeRecord(answer.body).owner.uid == key.uid) {
             return Observe(key, engine::RecordSeen{record.run, record.index, answer.body});
           }
           if (answer.ok()) {
             Trouble(key, "a record of that name is not ours: " + record.name,
                     {.error = kube::ErrorWithoutAnswer({.code = Code::kAlreadyExists, .message = record.name})});
           }
           WriteRecordAgain(key, record, wait);
         });
  }

  void WriteStatus(const OwnerKey& key, const engine::WriteStatus& write) {
    Send(kube::UpdateStatus(ResourceOf(key.kind), {.ns = key.ns, .name = key.name}, StatusObject(key, write),
                            {.field_manager = kFieldManager}),
         [this, key](const Answer& answer) {
           if (answer.ok()) return Observe(key, engine::ObjectSeen{engine::ParseObject(key.kind, answer.body)});
           const bool conflict = answer.error->error.code == Code::kConflict;
           if (!conflict) Trouble(key, "write status", answer);
           // Whatever happened, the object itself says where it stands; without it nothing can be decided.
           RefreshAfterStatus(key, conflict || ForNow(*answer.error), answer.error->error.message, kFirstWait);
         });
  }

  void RefreshAfterStatus(const OwnerKey& key, bool again, const std::string& message, Duration wait) {
    Send(kube::Get(ResourceOf(key.kind), {.ns = key.ns, .name = key.name}),
         [this, key, again, message, wait](const Answer& answer) {
           if (!answer.ok() && answer.error->error.code != Code::kNotFound) {
             return Later(
                 wait, [this, key, again, message](Duration next) { RefreshAfterStatus(key, again, message, next); });
           }
           engine::ObjectView object = engine::ParseObject(key.kind, answer.body);
           if (!answer.ok() || object.uid != key.uid) return Observe(key, engine::ObjectGone{});
           Observe(key, engine::ObjectSeen{std::move(object)});
           Observe(key, engine::StatusRefused{.conflict = again, .message = message});
         });
  }

  void DeleteObject(const OwnerKey& key, const engine::DeleteObject& remove) {
    Send(kube::Delete(ResourceOf(key.kind), {.ns = key.ns, .name = key.name},
                      {.uid = key.uid,
                       .resource_version = remove.resource_version,
                       .propagation = kube::Propagation::kBackground}),
         [this, key](const Answer& answer) {
           if (!answer.ok()) Trouble(key, "delete the object after its time to live", answer);
           LookUpObject(key, kFirstWait);
         });
  }

  void EmitEvent(const OwnerKey& key, const engine::EmitEvent& event) {
    if (!options_.may_write()) return;
    events_.Record({.regarding = {.api_version = "coreflow.dev/v1alpha1",
                                  .kind = engine::KindName(key.kind),
                                  .key = {.ns = key.ns, .name = key.name},
                                  .uid = key.uid},
                    .warning = event.warning,
                    .reason = event.reason,
                    .action = "Run",
                    .note = event.message});
  }

  // By run: the sweep that is to follow the one under way.
  std::map<std::string, std::optional<engine::SweepPods>> sweeps_;
  Loop& loop_;
  kube::Client& client_;
  kube::EventRecorder& events_;
  const Options options_;
};

Applier::Applier(Loop& loop, kube::Client& client, kube::EventRecorder& events, Options options)
    : impl_(std::make_shared<Impl>(loop, client, events, std::move(options))) {}

Applier::~Applier() { impl_->closed = true; }

void Applier::Apply(const OwnerKey& key, const engine::Action& action) { impl_->Apply(key, action); }

}  // namespace coreflow::runs
