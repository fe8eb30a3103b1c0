#include "operator/manager/operator.h"

#include <unistd.h>

#include <map>
#include <random>
#include <utility>

#include "controllers/runs/apply.h"
#include "controllers/runs/sources.h"
#include "controllers/runs/telemetry.h"
#include "operator/manager/health.h"
#include "pkg/base/build_info.h"
#include "pkg/http/server.h"
#include "pkg/kube/client.h"
#include "pkg/kube/event_recorder.h"
#include "pkg/kube/lease.h"
#include "pkg/metrics/operator_metrics.h"
#include "pkg/metrics/process.h"
#include "pkg/reactor/event_loop.h"
#include "pkg/reactor/reactor.h"

namespace coreflow::manager {

namespace {

std::string HostName() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

class Operator {
 public:
  Operator(const Config& config, reactor::EventLoop& loop, http::Transport& transport, std::string namespace_name, const logging::Log& log)
      : config_(config),
        loop_(loop),
        log_(log),
        namespace_(std::move(namespace_name)),
        metrics_(registry_, {.version = Version(),
                             .revision = Revision(),
                             .max_workflows = static_cast<size_t>(config.metrics.max_workflows)}),
        process_(registry_),
        client_(loop_, transport,
                {.max_in_flight = static_cast<int>(config.requests.max_in_flight),
                 .on_request = [this](kube::Verb verb, const kube::Resource& resource,
                                      int status) { metrics_.ApiRequest(kube::VerbName(verb), resource.plural, status); }}),
        events_(loop_, client_, {.source = {.instance = HostName()}}),
        telemetry_(metrics_),
        applier_(loop_, client_, events_, ApplierOptions()),
        reactor_(loop_, ReactorHooks()),
        sources_(loop_, client_, SourcesOptions()),
        elector_(loop_, client_, LeaseOptions()),
        liveness_(loop_),
        readiness_({"election", "informers"}) {}

  Result<void> Run(std::stop_token stop) {
    TRY(Listen listen, ParseListen(config_.metrics.listen));
    TRY(auto server, http::Server::Start({.address = listen.address, .port = listen.port},
                                         ProbeRoutes({.registry = registry_,
                                                      .process = process_,
                                                      .liveness = liveness_,
                                                      .readiness = readiness_})));
    log_.Info("operator started", {{"version", Version()}, {"metrics_port", std::to_string(server->port())}});
    loop_.Post([this] {
      sources_.Start();
      if (config_.leader_election.enabled) {
        elector_.Start();
        readiness_.Set("election", true);  // leading or standing by
      } else {
        readiness_.Set("election", true);
        Lead(0);
      }
    });
    std::stop_callback on_stop(stop, [this] { loop_.Post([this] { ShutDown(); }); });
    loop_.Run(ended_.get_token());
    server->Stop();
    log_.Info("operator ended", {{"reason", failure_ ? failure_->message : "asked to"}});
    if (failure_) return *failure_;
    return {};
  }

 private:
  bool MayWrite() const { return leading_ && (!config_.leader_election.enabled || elector_.leading()); }

  runs::Applier::Options ApplierOptions() {
    return {.may_write = [this] { return MayWrite(); },
            .observe = [this](const reactor::OwnerKey& key,
                              const engine::Observation& observation) { reactor_.Observe(key, observation); },
            .on_trouble =
                [this](const reactor::OwnerKey& key, const std::string& doing, const kube::ApiError& error) {
                  metrics_.ReconcileFailed(error.error.code);
                  log_.Warn("request failed", {{"workflow", key.ns + "/" + key.name},
                                               {"doing", doing},
                                               {"code", CodeName(error.error.code)},
                                               {"error", error.error.message}});
                }};
  }

  reactor::Reactor::Hooks ReactorHooks() {
    return {.apply = [this](const reactor::OwnerKey& key, const engine::Action& action) { applier_.Apply(key, action); },
            .on_quarantined =
                [this](const reactor::OwnerKey& key, const std::string& what) {
                  metrics_.AddQuarantined(1);
                  log_.Error("object is left alone", {{"workflow", key.ns + "/" + key.name}, {"error", what}});
                },
            .on_decided = [this](const reactor::OwnerKey&, engine::Owner& owner,
                                 std::chrono::duration<double> took) {
              metrics_.Reconciled(took);
              telemetry_.Show(owner, loop_.Now());
            },
            .on_gone = [this](const std::string& uid) { telemetry_.Forget(uid); }};
  }

  runs::Sources::Options SourcesOptions() {
    return {.namespaces = config_.namespaces,
            .random = [this] { return Random(); },
            .observe = [this](const reactor::OwnerKey& key,
                              const engine::Observation& observation) { reactor_.Observe(key, observation); },
            .on_synced =
                [this] {
                  readiness_.Set("informers", true);
                  log_.Info("informers synced", {});
                  StartIfReady();
                },
            .on_undecodable =
                [this](const std::string& resource, const kube::ObjectKey& key, const std::string& message) {
                  log_.Warn("object can't be read",
                            {{"resource", resource}, {"object", key.ns + "/" + key.name}, {"error", message}});
                },
            .on_trouble =
                [this](const std::string& resource, const kube::ApiError& error) {
                  log_.Warn("watch interrupted", {{"resource", resource}, {"error", error.error.message}});
                }};
  }

  kube::LeaseOptions LeaseOptions() {
    const LeaderElection& election = config_.leader_election;
    return {.key = {.ns = election.namespace_name.empty() ? namespace_ : election.namespace_name, .name = election.name},
            .identity = HostName() + "_" + std::to_string(getpid()) + "_" + std::to_string(random_()),
            .times = {.lease_duration = std::chrono::seconds(election.lease_duration_seconds),
                      .renew_deadline = std::chrono::seconds(election.renew_deadline_seconds),
                      .retry_period = std::chrono::seconds(election.retry_period_seconds)},
            .random = [this] { return Random(); },
            .on_leading = [this](int64_t epoch) { Lead(epoch); },
            .on_lost = [this] { End(Error{.code = Code::kConflict, .message = "leadership was lost"}); },
            .on_trouble = [this](const kube::ApiError& error) {
              log_.Warn("lease not renewed", {{"error", error.error.message}});
            }};
  }

  double Random() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  void Lead(int64_t epoch) {
    leading_ = true;
    epoch_ = epoch;
    metrics_.SetLeader(true);
    log_.Info("leading", {{"epoch", std::to_string(epoch)}});
    StartIfReady();
  }

  void StartIfReady() {
    if (leading_ && sources_.synced()) reactor_.Start(epoch_);
  }

  void ShutDown() {
    reactor_.Stop();
    if (!leading_ || !config_.leader_election.enabled) return End(std::nullopt);
    elector_.Release([this] { End(std::nullopt); });
    leading_ = false;
  }

  void End(std::optional<Error> failure) {
    reactor_.Stop();
    leading_ = false;
    metrics_.SetLeader(false);
    failure_ = std::move(failure);
    ended_.request_stop();
  }

  const Config& config_;
  reactor::EventLoop& loop_;
  const logging::Log log_;
  const std::string namespace_;
  std::mt19937_64 random_{std::random_device{}()};
  std::stop_source ended_;
  std::optional<Error> failure_;
  bool leading_ = false;
  int64_t epoch_ = 0;
  metrics::Registry registry_;
  metrics::OperatorMetrics metrics_;
  metrics::ProcessMetrics process_;
  kube::Client client_;
  kube::EventRecorder events_;
  runs::Telemetry telemetry_;
  runs::Applier applier_;
  reactor::Reactor reactor_;
  runs::Sources sources_;
  kube::LeaderElector elector_;
  Liveness liveness_;
  Readiness readiness_;
};

}  // namespace

Result<void> RunOperator(const Config& config, reactor::EventLoop& loop, http::Transport& transport,
                         const std::string& namespace_name,
                         const logging::Log& log, std::stop_token stop) {
  auto running = std::make_unique<Operator>(config, loop, transport, namespace_name, log);
  return running->Run(std::move(stop));
}

}  // namespace coreflow::manager
