#include "pkg/cli/list_watch.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "pkg/cli/exit_code.h"
#include "pkg/cli/format.h"
#include "pkg/cli/waiter.h"
#include "pkg/kube/informer.h"

namespace coreflow::cli {

namespace {

using Show = std::function<Result<void>(const std::vector<json::Value>& runs)>;

class ListWatch {
 public:
  ListWatch(Session& session, const kube::Selection& selection, const Show& show, std::function<void()> on_failure)
      : session_(session), show_(show), on_failure_(std::move(on_failure)) {
    for (const kube::Resource& resource : {kube::kWorkflows, kube::kJobs}) {
      kinds_.push_back(std::make_unique<Kind>(*this, resource, selection));
    }
    for (const auto& kind : kinds_) kind->Start();
  }

  const std::optional<Error>& failure() const { return failure_; }

 private:
  class Kind : private kube::InformerHandler {
   public:
    Kind(ListWatch& watch, const kube::Resource& resource, const kube::Selection& selection)
        : watch_(watch),
          resource_(resource),
          informer_(watch.session_.environment().loop, watch.session_.client(),
                    {.resource = resource,
                     .selection = selection,
                     .decode = [resource](const json::Value& object) { return Whole(resource, object); },
                     .random = [] { return 0.5; },
                     .on_trouble = [this](const kube::ApiError& error) { watch_.OnTrouble(resource_, error); }},
                    *this) {}

    void Start() { informer_.Start(); }
    bool synced() const { return informer_.synced(); }

   private:
    // An element of a list may lack what it is.
    static Result<std::shared_ptr<const void>> Whole(const kube::Resource& resource, const json::Value& object) {
      json::Object members = object.Members();
      members["apiVersion"] = kube::ApiVersion(resource);
      members["kind"] = resource.kind;
      return std::shared_ptr<const void>(std::make_shared<const json::Value>(std::move(members)));
    }
    void OnUpsert(const kube::ObjectKey&, const kube::ObjectVersion&, std::shared_ptr<const void> object) override {
      watch_.OnRun(*std::static_pointer_cast<const json::Value>(std::move(object)));
    }
    void OnDelete(const kube::ObjectKey&, const kube::ObjectVersion&) override {}
    void OnSynced() override { watch_.OnSynced(); }
    void OnUndecodable(const kube::ObjectKey&, const kube::ObjectVersion&, const std::string&) override {}

    ListWatch& watch_;
    const kube::Resource resource_;
    kube::Informer informer_;
  };

  void OnRun(const json::Value& run) {
    troubled_ = false;
    if (begun_) return Tell({run});
    first_.push_back(run);
  }

  void OnSynced() {
    if (!std::ranges::all_of(kinds_, [](const auto& kind) { return kind->synced(); })) return;
    begun_ = true;
    std::ranges::stable_sort(first_, {},
                             [](const json::Value& run) { return std::pair(NamespaceOf(run), NameOf(run)); });
    Tell(std::exchange(first_, {}));
  }

  void Tell(const std::vector<json::Value>& runs) {
    if (failure_) return;
    if (const auto shown = show_(runs); !shown) Fail(shown.error());
  }

  void OnTrouble(const kube::Resource& resource, const kube::ApiError& error) {
    const Error worded =
        session_.Worded({.verb = kube::Verb::kWatch, .resource = resource, .ns = session_.ns()}, error);
    switch (error.error.code) {
      case Code::kForbidden:
      case Code::kUnauthorized:
      case Code::kNotFound:
      case Code::kInvalid: return Fail(worded);
      case Code::kUnavailable:
        if (!std::exchange(troubled_, true)) session_.environment().err(fmt::format("{}\n", worded.message));
        return;
      default: return;
    }
  }

  void Fail(const Error& error) {
    failure_ = error;
    on_failure_();
  }

  Session& session_;
  const Show& show_;
  const std::function<void()> on_failure_;
  std::vector<std::unique_ptr<Kind>> kinds_;
  std::vector<json::Value> first_;
  bool begun_ = false;
  bool troubled_ = false;
  std::optional<Error> failure_ = {};
};

}  // namespace

Result<int> WatchRuns(Session& session, const kube::Selection& selection, const Show& show) {
  Waiter waiter(session.environment());
  const ListWatch watch(session, selection, show, waiter.OnDone());
  waiter.Run();
  if (watch.failure()) return *watch.failure();
  return kInterrupted;
}

}  // namespace coreflow::cli
