#include "controllers/runs/claims.h"

#include <algorithm>
#include <utility>

#include "pkg/engine/names.h"
#include "pkg/kube/request.h"

namespace coreflow::runs {

namespace {

using json::Object;
using json::Value;

constexpr Duration kFirstWait = std::chrono::milliseconds(500);
constexpr Duration kMaxWait = std::chrono::seconds(30);
constexpr Duration kAssumed = std::chrono::seconds(5);

Value ClaimOf(const std::string& ns, const std::string& owner) {
  return Object{{"apiVersion", "coordination.k8s.io/v1"},
                {"kind", "Lease"},
                {"metadata", Object{{"name", engine::kClaimName},
                                    {"namespace", ns},
                                    {"labels", Object{{"app.kubernetes.io/managed-by", "coreflow-operator"}}}}},
                {"spec", Object{{"holderIdentity", owner}}}};
}

}  // namespace

class Claims::Impl : public std::enable_shared_from_this<Claims::Impl> {
 public:
  Impl(Loop& loop, kube::Client& client, Options options)
      : loop_(loop), client_(client), options_(std::move(options)) {}

  void Saw(const std::string& ns, const std::optional<std::string>& holder) {
    Claim& claim = claims_[ns];
    const std::optional<std::string> before = std::exchange(claim.holder, holder);
    claim.assumed = false;
    const bool was_anothers = before && *before != options_.owner;
    // Ours that somebody deleted is made again when there is something to do.
    const bool is_news = before != holder && (holder || was_anothers);
    if (!claim.wanted || claim.lost || !is_news) return DropIfIdle(ns);
    if (holder == options_.owner && !was_anothers) return options_.on_ours(ns);
    claim.lost = was_anothers ? !holder || *holder == options_.owner : before.has_value();
    if (claim.lost) return options_.on_changed_hands(ns);
    options_.on_anothers(ns, *holder);
  }

  bool Owns(const std::string& ns) {
    if (options_.owner.empty()) return true;
    Claim& claim = claims_[ns];
    const bool first = !std::exchange(claim.wanted, true);
    if (!claim.holder) {
      Make(ns);
    } else if (first && *claim.holder != options_.owner) {
      options_.on_anothers(ns, *claim.holder);
    }
    return !claim.lost && claim.holder == options_.owner;
  }

  void Forget(const std::string& ns) {
    Claim& claim = claims_[ns];
    claim.wanted = false;
    claim.lost = false;
    DropIfIdle(ns);
  }

  std::optional<std::string> OtherOwner(const std::string& ns) const {
    auto it = claims_.find(ns);
    if (it == claims_.end() || it->second.holder == options_.owner) return std::nullopt;
    return it->second.holder;
  }

  bool closed = false;

 private:
  struct Claim {
    std::optional<std::string> holder = {};  // nullopt: nobody, as far as is known
    bool wanted = false;                     // there are runs
    bool making = false;                     // a create is on its way, or will be
    bool lost = false;                       // it has changed hands
    bool assumed = false;                    // that it is ours: there is no Lease
    Duration wait = kFirstWait;              // before the next try
  };

  void Make(const std::string& ns) {
    Claim& claim = claims_[ns];
    if (claim.lost || std::exchange(claim.making, true)) return;
    claim.wait = kFirstWait;
    Send(ns);
  }

  // Namespaces come and go.
  void DropIfIdle(const std::string& ns) {
    const auto it = claims_.find(ns);
    if (it != claims_.end() && !it->second.holder && !it->second.making && !it->second.lost) claims_.erase(it);
  }

  void Send(const std::string& ns) {
    if (!options_.may_write()) return;
    auto answered = [self = shared_from_this(), ns](const kube::Answer& answer) {
      if (!self->closed) self->Made(ns, answer);
    };
    auto request = kube::Create(kube::kLeases, ns, ClaimOf(ns, options_.owner));
    if (!request) return Made(ns, {.error = kube::ErrorWithoutAnswer(request.error())});
    client_.Send(*std::move(request), answered);
  }

  void Made(const std::string& ns, const kube::Answer& answer) {
    Claim& claim = claims_[ns];
    if (claim.holder) {  // the watch was faster
      claim.making = false;
      return;
    }
    const bool ending = !answer.ok() && kube::IsNamespaceEnding(*answer.error);
    if (answer.ok() || ending) {
      claim.making = false;
      claim.holder = options_.owner;
      if (ending) Assume(ns);
      return options_.on_ours(ns);
    }
    // One that is there already, the watch is about to show; unless it goes again before.
    if (answer.error->error.code != Code::kAlreadyExists) options_.on_trouble(ns, *answer.error);
    loop_.After(claim.wait, [self = shared_from_this(), ns] {
      if (self->closed) return;
      Claim& again = self->claims_[ns];
      if (again.holder) again.making = false;
      if (again.making) self->Send(ns);
    });
    claim.wait = std::min(claim.wait * 2, kMaxWait);
  }

  // In a namespace that is being deleted nobody can make a claim: whoever sees its last pods lets them go. One that is
  // made anew under the name must be claimed.
  void Assume(const std::string& ns) {
    claims_[ns].assumed = true;
    loop_.After(kAssumed, [self = shared_from_this(), ns] {
      const auto it = self->claims_.find(ns);
      if (it == self->claims_.end() || !std::exchange(it->second.assumed, false)) return;
      it->second.holder = std::nullopt;
      self->DropIfIdle(ns);
    });
  }

  Loop& loop_;
  kube::Client& client_;
  const Options options_;
  std::map<std::string, Claim> claims_;  // by namespace
};

Claims::Claims(Loop& loop, kube::Client& client, Options options)
    : impl_(std::make_shared<Impl>(loop, client, std::move(options))) {}
Claims::~Claims() { impl_->closed = true; }
void Claims::Saw(const std::string& ns, const std::optional<std::string>& holder) { impl_->Saw(ns, holder); }
bool Claims::Owns(const std::string& ns) { return impl_->Owns(ns); }
void Claims::Forget(const std::string& ns) { impl_->Forget(ns); }
std::optional<std::string> Claims::OtherOwner(const std::string& ns) const { return impl_->OtherOwner(ns); }

}  // namespace coreflow::runs
