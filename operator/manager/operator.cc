#include "operator/manager/operator.h"

#include <unistd.h>

#include <random>
#include <set>
#include <utility>

#include "controllers/runs/controller.h"
#include "controllers/runs/measured.h"
#include "controllers/runs/read_contents.h"
#include "controllers/runs/reported.h"
#include "controllers/runs/reports.h"
#include "controllers/runs/run_metrics.h"
#include "controllers/uninstall/farewell.h"
#include "operator/artifacts/endpoint.h"
#include "operator/exporter/exporter.h"
#include "operator/manager/cpu_profiler.h"
#include "operator/manager/debug_routes.h"
#include "operator/manager/health.h"
#include "operator/manager/loop_lag.h"
#include "operator/manager/review_token.h"
#include "operator/manager/runtime_report.h"
#include "operator/manager/store_report.h"
#include "pkg/base/build_info.h"
#include "pkg/base/check.h"
#include "pkg/cache/content_digest.h"
#include "pkg/cache/store_entries.h"
#include "pkg/data/data_key.h"
#include "pkg/engine/cache_verdict.h"
#include "pkg/http/server.h"
#include "pkg/metrics/loop_metrics.h"
#include "pkg/metrics/operator_metrics.h"
#include "pkg/metrics/outbox_metrics.h"
#include "pkg/metrics/process.h"
#include "pkg/reactor/event_loop.h"

namespace coreflow::manager {

namespace {

std::string HostName() {
  char name[256] = {};
  return gethostname(name, sizeof name - 1) == 0 ? name : "unknown";
}

exporter::Exporter::Options ExporterOptions(const Config& config, const logging::Log& log) {
  return {.spans = ReceiverOf(config.tracing),
          .events = ReceiverOf(config.cloud_events),
          .speaker = {.version = Version(), .instance = HostName()},
          .on_dropped = [&log](const exporter::Exporter::Dropped& dropped) {
            log.Warn("telemetry dropped", {{"kind", dropped.kind},
                                           {"fate", outbox::FateName(dropped.fate)},
                                           {"items", std::to_string(dropped.items)},
                                           {"error", dropped.why}});
          }};
}

class Operator {
 public:
  // `store`: null, there is none. `courier`: null, there are no artifacts.
  Operator(const Config& config, reactor::EventLoop& loop, http::Transport& transport, std::string namespace_name,
           metrics::Registry& registry, store::Store* store, runs::ReadContents::Options contents,
           std::shared_ptr<const engine::CourierSetup> courier, exporter::Exporter& exporter, const logging::Log& log)
      : config_(config),
        loop_(loop),
        log_(log),
        contents_(std::move(contents)),
        courier_(std::move(courier)),
        namespace_(std::move(namespace_name)),
        registry_(registry),
        metrics_(registry_, {.version = Version(),
                             .revision = Revision(),
                             .max_workflows = static_cast<size_t>(config.metrics.max_workflows)}),
        process_(registry_),
        loop_metrics_(registry_),
        run_metrics_(metrics_),
        exporter_(exporter),
        reports_(exporter::ReportsTo(exporter)),
        results_(store ? std::make_unique<cache::StoreEntries>(loop, *store, StoreOptions()) : nullptr),
        controller_(loop_, transport, ControllerOptions(),
                    runs::Measured(runs::Reported(ControllerHooks(), reports_, loop_), metrics_, run_metrics_, loop_,
                                   [this]() -> const runs::Controller& { return controller_; })),
        client_(loop_, transport),
        farewell_(loop_, client_, {.ns = namespace_, .owner = ClaimOwner(config.leader_election, namespace_)}),
        liveness_(loop_),
        readiness_({"election", "informers"}),
        lag_(loop_, [this](Duration waited) { loop_metrics_.Waited(waited, loop_.queued()); }),
        profiler_(log_) {}

  Result<Ending> Run(const std::stop_token& stop) {
    TRY(Listen listen, ParseListen(config_.metrics.listen));
    TRY(auto server,
        http::Server::Start(
            {.address = listen.address, .port = listen.port},
            ProbeRoutes({.registry = registry_, .process = process_, .liveness = liveness_, .readiness = readiness_})));
    TRY(const auto debug, StartDebug());
    log_.Info("operator started", {{"version", Version()}, {"metrics_port", std::to_string(server->port())}});
    loop_.Post([this] {
      readiness_.Set("election", true);  // leading or standing by
      controller_.Start();
      lag_.Start();
    });
    std::stop_callback on_stop(stop, [this] { loop_.Post([this] { Stop(); }); });
    loop_.Run(ended_.get_token());
    if (debug) debug->Stop();
    server->Stop();
    log_.Info("operator ended", {{"reason", failure_                      ? failure_->message
                                            : ending_ == Ending::kAskedTo ? "asked to"
                                                                          : "to begin anew"}});
    if (failure_) return *failure_;
    return stop.stop_requested() ? Ending::kAskedTo : ending_;
  }

 private:
  // Null: it is not wanted.
  Result<std::unique_ptr<http::Server>> StartDebug() {
    if (config_.debug.address.empty()) return std::unique_ptr<http::Server>();
    TRY(const Listen listen, ParseListen(config_.debug.address));
    CHECK(IsLoopback(listen), "the configuration is valid");
    return http::Server::Start(
        {.address = listen.address, .port = listen.port, .max_body = 1024, .max_connections = 8},
        DebugRoutes(
            log_, [this] { return RuntimeReport({.waited = lag_.Waited(), .queued = loop_.queued()}); }, profiler_));
  }

  cache::StoreEntries::Options StoreOptions() {
    return {.in_use = [this] { return controller_.BlobsInUse(); }};
  }

  runs::Controller::Options ControllerOptions() {
    const LeaderElection& election = config_.leader_election;
    runs::Controller::Options options{.namespaces = config_.namespaces,
                                      .max_in_flight = static_cast<int>(config_.requests.max_in_flight),
                                      .instance = HostName(),
                                      .claim_owner = ClaimOwner(election, namespace_),
                                      .random = [this] { return Random(); },
                                      .results = results_.get(),
                                      .contents = contents_,
                                      .blobs = results_.get(),
                                      .courier = courier_,
                                      .traced = exporter_.takes_spans()};
    if (!election.enabled) return options;
    options.election = {
        .lease = {.ns = election.namespace_name.empty() ? namespace_ : election.namespace_name, .name = election.name},
        .identity = HostName() + "_" + std::to_string(getpid()) + "_" + std::to_string(random_()),
        .times = {.lease_duration = std::chrono::seconds(election.lease_duration_seconds),
                  .renew_deadline = std::chrono::seconds(election.renew_deadline_seconds),
                  .retry_period = std::chrono::seconds(election.retry_period_seconds)}};
    options.has_fence = config_.fence.installed;
    options.fencing.patience = std::chrono::seconds(config_.fence.patience_seconds);
    return options;
  }

  runs::Controller::Hooks ControllerHooks() {
    return {.on_synced =
                [this] {
                  readiness_.Set("informers", true);
                  log_.Info("informers synced", {});
                },
            .on_leading = [this](int64_t epoch, bool fenced) { Lead(epoch, fenced); },
            .on_lost = [this] { End(Error{.code = Code::kConflict, .message = "leadership was lost"}); },
            .on_anothers = [this](const std::string& ns, const std::string& owner) { LeaveAlone(ns, owner); },
            .on_changed_hands = [this](const std::string& ns) { BeginAnew(ns); },
            .on_quarantined =
                [this](const reactor::OwnerKey& key, const std::string& what) {
                  log_.Error("object is left alone", {{"workflow", key.ns + "/" + key.name}, {"error", what}});
                },
            .on_request_failed =
                [this](const reactor::OwnerKey& key, const std::string& doing, const kube::ApiError& error) {
                  log_.Warn("request failed", {{"workflow", key.ns + "/" + key.name},
                                               {"doing", doing},
                                               {"code", CodeName(error.error.code)},
                                               {"error", error.error.message}});
                },
            .on_claim_failed =
                [this](const std::string& ns, const kube::ApiError& error) {
                  log_.Warn("namespace can't be claimed, so its runs wait",
                            {{"namespace", ns}, {"error", error.error.message}});
                },
            .on_watch_failed =
                [this](const std::string& resource, const kube::ApiError& error) {
                  log_.Warn("watch interrupted", {{"resource", resource}, {"error", error.error.message}});
                },
            .on_lease_failed =
                [this](const kube::ApiError& error) {
                  log_.Warn("lease not renewed", {{"error", error.error.message}});
                },
            .on_undecodable =
                [this](const std::string& resource, const kube::ObjectKey& key, const std::string& message) {
                  log_.Warn("object can't be read",
                            {{"resource", resource}, {"object", key.ns + "/" + key.name}, {"error", message}});
                }};
  }

  void Lead(int64_t epoch, bool fenced) {
    metrics_.SetFenced(fenced && config_.leader_election.enabled);  // alone nobody is kept out
    log_.Info("leading", {{"epoch", std::to_string(epoch)}});
    if (fenced) return;
    log_.Warn("no fence: the API server doesn't refuse what a former leader may still send",
              {{"instead", "finished pods stay for five minutes"}});
  }

  void LeaveAlone(const std::string& ns, const std::string& owner) {
    foreign_.insert(ns);
    metrics_.SetForeignNamespaces(foreign_.size());
    log_.Warn("namespace is another installation's, and left alone", {{"namespace", ns}, {"owner", owner}});
  }

  void BeginAnew(const std::string& ns) {
    if (std::exchange(ending_, Ending::kBeginAnew) == Ending::kBeginAnew) return;
    log_.Info("namespace has changed hands: the operator begins anew", {{"namespace", ns}});
    controller_.Stop([this] { EndAfterDraining(); });
  }

  void Stop() {
    controller_.Stop([this] { farewell_.Start([this] { EndAfterDraining(); }); });
  }

  void EndAfterDraining() {
    exporter_.Drain([this] { End(std::nullopt); });
  }

  double Random() { return std::uniform_real_distribution<double>(0, 1)(random_); }

  void End(std::optional<Error> failure) {
    metrics_.SetLeader(false);
    metrics_.SetFenced(false);
    failure_ = std::move(failure);
    ended_.request_stop();
  }

  const Config& config_;
  reactor::EventLoop& loop_;
  const logging::Log log_;
  const runs::ReadContents::Options contents_;
  const std::shared_ptr<const engine::CourierSetup> courier_;
  const std::string namespace_;
  std::mt19937_64 random_{std::random_device{}()};
  std::stop_source ended_;
  Ending ending_ = Ending::kAskedTo;
  std::optional<Error> failure_;
  metrics::Registry& registry_;
  metrics::OperatorMetrics metrics_;
  metrics::ProcessMetrics process_;
  metrics::LoopMetrics loop_metrics_;
  runs::RunMetrics run_metrics_;
  exporter::Exporter& exporter_;
  runs::Reports reports_;
  std::unique_ptr<cache::StoreEntries> results_;  // null: there is no store
  runs::Controller controller_;
  kube::Client client_;
  uninstall::Farewell farewell_;
  std::set<std::string> foreign_;  // namespaces of another installation
  Liveness liveness_;
  Readiness readiness_;
  LoopLag lag_;
  CpuProfiler profiler_;
};

// `store`: null, there is none.
Result<runs::ReadContents::Options> ContentsToRead(const CacheConfig& config, store::Store* store) {
  if (!config.read_secrets && !config.read_config_maps) return runs::ReadContents::Options();
  CHECK(store != nullptr, "the configuration is valid");
  TRY(const auto key, data::LoadOrMakeKey(*store));
  return runs::ReadContents::Options{
      .secrets = config.read_secrets, .config_maps = config.read_config_maps, .key = cache::ContentKey(key)};
}

}  // namespace

Result<Ending> RunOperator(const Config& config, reactor::EventLoop& loop, http::Transport& transport,
                           const std::string& namespace_name, store::Store* store, const logging::Log& log,
                           const std::stop_token& stop) {
  metrics::Registry registry;
  metrics::StoreMetrics store_metrics(registry);
  StoreReport report(store_metrics, log);
  std::unique_ptr<store::Store> observed;
  if (store) {
    observed =
        store::Observe(*store, [&](store::Operation operation, const Error* error) { report.Hear(operation, error); });
  }
  artifacts::Endpoint endpoint;
  if (!config.store.url.empty()) {
    CHECK(store != nullptr, "the configuration is valid");
    TRY(const Listen listen, ParseListen(config.store.listen));
    TRY(endpoint, artifacts::StartEndpoint({.address = listen.address,
                                            .port = listen.port,
                                            .url = config.store.url,
                                            .image = config.store.courier_image,
                                            .review = config.store.readers ? ReviewBy(transport) : nullptr},
                                           *observed, log));
  }
  TRY(auto contents, ContentsToRead(config.cache, observed.get()));
  metrics::OutboxMetrics outbox_metrics(registry);
  TRY(const auto exporter, exporter::Exporter::Make(loop, ExporterOptions(config, log), outbox_metrics));
  auto running = std::make_unique<Operator>(config, loop, transport, namespace_name, registry, observed.get(),
                                            std::move(contents), endpoint.setup, *exporter, log);
  return running->Run(stop);
}

}  // namespace coreflow::manager
