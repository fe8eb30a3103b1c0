#include "controllers/runs/fence.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "controllers/runs/fence_object.h"
#include "pkg/engine/names.h"
#include "pkg/engine/pod_view.h"
#include "pkg/kube/request.h"

namespace coreflow::runs {

namespace {

using json::Array;
using json::Object;
using json::Value;
using kube::Answer;
using kube::ApiError;

constexpr Duration kFirstWait = std::chrono::milliseconds(20);
constexpr Duration kMaxWait = std::chrono::seconds(1);
constexpr std::string_view kToken = "coreflow-fence:";

// A pod that any admission but the fence's lets in, with an epoch that is over. Never stored.
Value TrialPod(const std::string& ns, int64_t epoch) {
  const Object restricted{{"allowPrivilegeEscalation", false},
                          {"runAsNonRoot", true},
                          {"runAsUser", 65532},
                          {"capabilities", Object{{"drop", Array{"ALL"}}}},
                          {"seccompProfile", Object{{"type", "RuntimeDefault"}}}};
  const int32_t bucket = engine::kBuckets - 1;
  return Object{{"apiVersion", "v1"},
                {"kind", "Pod"},
                {"metadata", Object{{"name", "coreflow-fence-trial"},
                                    {"namespace", ns},
                                    {"labels", Object{{engine::kLabelRun, "trial"},
                                                      {engine::kLabelBucket, std::to_string(bucket)},
                                                      {engine::kLabelEpoch, std::to_string(epoch)}}}}},
                {"spec", Object{{"restartPolicy", "Never"},
                                {"automountServiceAccountToken", false},
                                {"containers", Array{Object{{"name", "main"},
                                                            {"image", "coreflow.dev/never-pulled"},
                                                            {"securityContext", restricted}}}}}}};
}

}  // namespace

class Fence::Impl : public std::enable_shared_from_this<Fence::Impl> {
 public:
  Impl(Loop& loop, kube::Client& client, Options options)
      : loop_(loop), client_(client), options_(std::move(options)) {}

  void Raise(int64_t at_least, Done done) {
    at_least_ = at_least;
    done_ = std::move(done);
    wait_ = kFirstWait;
    Read();
  }

  bool closed = false;

 private:
  void Send(Result<kube::Request> request, std::function<void(const Answer&)> handler) {
    if (!options_.may_write()) return;
    if (!request) return handler({.error = kube::ErrorWithoutAnswer(request.error())});
    client_.Send(*std::move(request), [self = shared_from_this(), handler = std::move(handler)](const Answer& answer) {
      if (!self->closed) handler(answer);
    });
  }

  void Later(void (Impl::*step)()) {
    loop_.After(wait_, [self = shared_from_this(), step] {
      if (!self->closed && self->options_.may_write()) (self.get()->*step)();
    });
    wait_ = std::min(wait_ * 2, kMaxWait);
  }

  void Trouble(const ApiError& error) {
    if (options_.on_trouble) options_.on_trouble(error);
  }

  void Read() {
    Send(kube::Get(kube::kFences, {.ns = options_.ns, .name = kFenceName}), [this](const Answer& answer) {
      if (answer.ok() || answer.error->error.code == Code::kNotFound) return Write(answer.body);
      Trouble(*answer.error);
      Later(&Impl::Read);
    });
  }

  // What somebody else has written meanwhile says that he leads, or did: all begins anew, above his epoch.
  void Write(const Value& stored) {
    RaisedFence raised = RaiseFence(stored, options_.ns, options_.holder, at_least_, loop_.Now());
    epoch_ = raised.epoch;
    Send(stored.IsNull() ? kube::Create(kube::kFences, options_.ns, raised.object)
                         : kube::Update(kube::kFences, {.ns = options_.ns, .name = kFenceName}, raised.object),
         [this](const Answer& answer) {
           if (!answer.ok()) {
             Trouble(*answer.error);
             return Later(&Impl::Read);
           }
           wait_ = kFirstWait;
           patience_ends_ = loop_.Monotonic() + options_.patience;
           Try();
         });
  }

  void Try() {
    Send(kube::Create(kube::kPods, options_.ns, TrialPod(options_.ns, epoch_ - 1), {.dry_run = true}),
         [this](const Answer& answer) {
           if (!answer.ok() && FencedBy(*answer.error) == Fenced::kEpochIsOver) return End(true);
           if (!answer.ok()) Trouble(*answer.error);
           if (loop_.Monotonic() >= patience_ends_) return End(false);
           Later(&Impl::Try);
         });
  }

  void End(bool up) { std::exchange(done_, nullptr)(epoch_, up); }

  Loop& loop_;
  kube::Client& client_;
  const Options options_;
  Done done_;
  int64_t at_least_ = 0;
  int64_t epoch_ = 0;
  Duration wait_ = kFirstWait;
  Duration patience_ends_{};
};

Fence::Fence(Loop& loop, kube::Client& client, Options options)
    : impl_(std::make_shared<Impl>(loop, client, std::move(options))) {}
Fence::~Fence() { impl_->closed = true; }
void Fence::Raise(int64_t at_least, Done done) { impl_->Raise(at_least, std::move(done)); }

namespace {

// What a policy of the fence says about a pod; empty: none did. What users wrote may be quoted anywhere in a message,
// but before the policy's name stands only the name of the pod, which is ours.
std::string_view PolicySays(std::string_view message) {
  constexpr std::string_view kDenied = " is forbidden: ValidatingAdmissionPolicy 'coreflow-fence'";
  constexpr std::string_view kSays = " denied request: ";
  const size_t quote = message.find('"');
  const size_t name_end = quote == std::string_view::npos ? quote : message.find('"', quote + 1);
  if (name_end == std::string_view::npos) return "";
  message.remove_prefix(name_end + 1);
  const size_t says = message.find(kSays);
  return message.starts_with(kDenied) && says != std::string_view::npos ? message.substr(says + kSays.size()) : "";
}

}  // namespace

Fenced FencedBy(const ApiError& error) {
  constexpr std::string_view kNotConfigured = "failed to configure ";
  constexpr std::string_view kNoObject = "failed to configure binding: no params found";
  const std::string_view says = PolicySays(error.error.message);
  if (error.error.code == Code::kForbidden && says.starts_with(kToken)) return Fenced::kEpochIsOver;
  // The message says "is forbidden", but the status is 422 and the reason Invalid.
  if (error.error.code != Code::kInvalid || !says.starts_with(kNotConfigured)) return Fenced::kNo;
  return says.starts_with(kNoObject) ? Fenced::kObjectIsGone : Fenced::kNotYet;
}

}  // namespace coreflow::runs
