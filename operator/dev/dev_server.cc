#include "operator/dev/dev_server.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <utility>

#include "controllers/runs/controller.h"
#include "controllers/runs/reported.h"
#include "controllers/runs/reports.h"
#include "operator/artifacts/endpoint.h"
#include "operator/dev/dev_metrics.h"
#include "operator/dev/kept_blobs.h"
#include "operator/dev/pod_logs.h"
#include "operator/dev/simulated_node.h"
#include "operator/exporter/exporter.h"
#include "pkg/apiserver/admission.h"
#include "pkg/apiserver/api_server.h"
#include "pkg/apiserver/frontend.h"
#include "pkg/apiserver/garbage_collector.h"
#include "pkg/apiserver/local_transport.h"
#include "pkg/apiserver/namespace_controller.h"
#include "pkg/apiserver/object.h"
#include "pkg/apiserver/persistence.h"
#include "pkg/apiserver/registry.h"
#include "pkg/apiserver/store.h"
#include "pkg/base/build_info.h"
#include "pkg/base/secret.h"
#include "pkg/cache/content_digest.h"
#include "pkg/cache/store_entries.h"
#include "pkg/data/data_key.h"
#include "pkg/engine/pretended.h"
#include "pkg/http/server.h"
#include "pkg/runner/local_node.h"
#include "pkg/runner/process_runtime.h"
#include "pkg/runner/tool_runtime.h"
#include "pkg/store/directory.h"

namespace coreflow::dev {

namespace {

namespace fs = std::filesystem;
using json::Array;
using json::Object;

// How many changes of one resource can still be watched from.
constexpr size_t kHistory = 2000;
constexpr size_t kMostBody = size_t{4} << 20;
constexpr size_t kMostConnections = 1024;
constexpr char kNode[] = "local";

uint64_t RandomSeed() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

Result<void> MakeFolder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) fs::permissions(path, fs::perms::owner_all, error);
  if (error) return Error{.code = Code::kInvalid, .message = "can't make " + path + ": " + error.message()};
  return {};
}

}  // namespace

class DevServer::Impl {
 public:
  Impl(Loop& loop, Options options, Warn warn, std::unique_ptr<store::Store> results)
      : loop_(loop),
        options_(std::move(options)),
        warn_(std::move(warn)),
        registry_(store_, loop, RandomSeed()),
        results_(std::move(results)) {
    store_.LimitHistory(kHistory);
    registry_.StopAudit();
    registry_.Admit(apiserver::EpochNeverFalls());
    registry_.Admit(apiserver::StoredQuotas(store_));
  }
  ~Impl() {
    server_.reset();
    blobs_.reset();
    if (options_.ephemeral) {
      node_.reset();
      std::error_code ignored;
      fs::remove_all(PodsFolder(), ignored);
      controller_.reset();
      entries_.reset();
      endpoint_ = {};
      fs::remove_all(StoreFolder(), ignored);
      fs::remove_all(ProgramsFolder(), ignored);
    }
  }

  Result<void> Start() {
    TRY(images_, runner::ParseImageMap(options_.image_map));
    TRY(exporter_, exporter::Exporter::Make(loop_, ExporterOptions(), metrics_.outbox()));
    reports_.emplace(exporter::ReportsTo(*exporter_));
    TRY_VOID(MakeFolder(options_.folder));
    if (!options_.ephemeral) {
      TRY(persistence_, apiserver::Persistence::Open(options_.folder + "/state.db", store_));
    }
    MakeFirstObjects();
    garbage_collector_ = std::make_unique<apiserver::GarbageCollector>(loop_, registry_);
    namespaces_ = std::make_unique<apiserver::NamespaceController>(loop_, registry_);
    TRY_VOID(StartNode());
    TRY_VOID(OpenStore());
    http::Server::Options listen{
        .address = options_.address, .port = options_.port, .max_body = kMostBody, .max_connections = kMostConnections};
    TRY(server_, http::Server::Start(std::move(listen), frontend_.Handler()));
    controller_ = std::make_unique<runs::Controller>(
        loop_, transport_, ControllerOptions(),
        metrics_.Measure(runs::Reported(Hooks(), *reports_, loop_),
                         [this]() -> const runs::Controller& { return *controller_; }));
    controller_->Start();
    return WriteKubeconfig();
  }

  void Drain(std::function<void()> done) { exporter_->Drain(std::move(done)); }

  uint16_t port() const { return server_->port(); }
  bool isolated() const { return isolated_; }
  std::string Address() const { return "http://" + options_.address + ":" + std::to_string(port()); }
  std::string Kubeconfig() const { return options_.folder + "/kubeconfig"; }

 private:
  std::string StoreFolder() const { return options_.folder + "/store"; }
  std::string ProgramsFolder() const { return options_.folder + "/programs"; }

  // Results of steps with a cache, and artifacts. A courier needs its volume where it is said to be.
  Result<void> OpenStore() {
    if (!results_) {
      TRY(results_, store::NewDirectoryStore(StoreFolder()));
    }
    blobs_ = std::make_unique<KeptBlobs>(*results_);
    entries_ = std::make_unique<cache::StoreEntries>(
        loop_, *results_, cache::StoreEntries::Options{.in_use = [this] { return controller_->BlobsInUse(); }});
    TRY(const auto key, data::LoadOrMakeKey(*results_));
    content_key_ = cache::ContentKey(key);
    if (options_.simulate) endpoint_.setup = engine::PretendedCourier();
    if (!isolated_ || !options_.place_courier) return {};
    TRY_VOID(MakeFolder(ProgramsFolder()));
    TRY(const std::string courier, options_.place_courier(ProgramsFolder()));
    TRY(endpoint_, artifacts::StartEndpoint({.image = "coreflow", .command = {courier}}, *results_, logging::Log()));
    return {};
  }

  exporter::Exporter::Options ExporterOptions() const {
    return {
        .spans = options_.spans,
        .events = options_.events,
        .speaker = {.service = "coreflow-dev", .version = Version(), .instance = "coreflow-dev"},
        .on_dropped = [this](const exporter::Exporter::Dropped& dropped) {
          warn_(std::string(dropped.kind) + "s were not sent (" + outbox::FateName(dropped.fate) + "): " + dropped.why);
        }};
  }

  runs::Controller::Options ControllerOptions() {
    return {.instance = "coreflow-dev",
            .random = [this] { return std::uniform_real_distribution<double>(0, 1)(random_); },
            .results = entries_.get(),
            .contents = {.secrets = true, .config_maps = true, .key = content_key_},
            .blobs = entries_.get(),
            .courier = endpoint_.setup,
            .traced = exporter_->takes_spans()};
  }

  std::string PodsFolder() const { return options_.folder + "/pods"; }

  // Unless it is there; its status with it, which a create leaves out.
  void Make(const apiserver::Resource& resource, const json::Value& object) {
    const apiserver::WriteOptions us{.agent = "coreflow dev"};
    const std::string name = apiserver::NameOf(object);
    if (store_.Get(resource, name)) return;
    const auto made = registry_.Create(resource, "", object, us);
    if (!made) return warn_(made.failure().message);
    if (object["status"].IsNull()) return;
    const auto written = registry_.Update(
        resource, "", name, apiserver::Part::kStatus,
        [&](const json::Value& now) -> apiserver::Outcome<json::Value> {
          return apiserver::Set(now, {"status"}, object["status"]);
        },
        us);
    if (!written) warn_(written.failure().message);
  }

  Result<void> StartNode() {
    if (options_.simulate) {
      simulated_node_ = std::make_unique<SimulatedNode>(loop_, registry_, PodsFolder(), *options_.simulate);
      return {};
    }
    TRY(auto runtime, MakeRuntime());
    node_ = std::make_unique<runner::LocalNode>(
        loop_, registry_, std::move(runtime),
        runner::LocalNode::Options{.name = kNode, .folder = PodsFolder(), .host_paths = {options_.host_paths}});
    return {};
  }

  Result<std::unique_ptr<runner::ContainerRuntime>> MakeRuntime() {
    if (!options_.tool.empty()) {
      TRY(auto containers, runner::ToolRuntime::Open(loop_, options_.tool));
      return std::unique_ptr<runner::ContainerRuntime>(std::move(containers));
    }
    isolated_ = runner::ProcessRuntime::CanIsolate(options_.folder + "/probe");
    if (!isolated_ && !images_.empty()) {
      return Error{.code = Code::kInvalid,
                   .message = "images can't be mapped: that needs namespaces, which this machine does not let us make"};
    }
    return std::unique_ptr<runner::ContainerRuntime>(std::make_unique<runner::ProcessRuntime>(
        loop_, runner::ProcessRuntime::Options{.isolated = isolated_, .images = images_, .note = warn_}));
  }

  runner::LocalNode::Log LogOf(const json::Value& pod, const std::string& container) const {
    return node_ ? node_->LogOf(pod, container) : simulated_node_->LogOf(pod, container);
  }

  void MakeFirstObjects() {
    for (const char* name : {"default", "kube-system"}) {
      Make(apiserver::Namespaces(),
           Object{{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", Object{{"name", name}}}});
    }
    const Object ready{{"type", "Ready"}, {"status", "True"}, {"reason", "KubeletReady"}};
    Make(apiserver::Nodes(), Object{{"apiVersion", "v1"},
                                    {"kind", "Node"},
                                    {"metadata", Object{{"name", options_.simulate ? SimulatedNode::kName : kNode}}},
                                    {"status", Object{{"conditions", Array{ready}}}}});
    for (const json::Value& crd : apiserver::BuiltInCrds()) {
      const Object established{{"type", "Established"}, {"status", "True"}, {"reason", "InitialNamesAccepted"}};
      const Object named{{"type", "NamesAccepted"}, {"status", "True"}, {"reason", "NoConflicts"}};
      Make(apiserver::Crds(), apiserver::Set(crd, {"status", "conditions"}, Array{established, named}));
    }
  }

  runs::Controller::Hooks Hooks() {
    return {.on_quarantined =
                [this](const reactor::OwnerKey& key, const std::string& what) {
                  warn_(key.ns + "/" + key.name + " is left alone: " + what);
                },
            .on_request_failed =
                [this](const reactor::OwnerKey& key, const std::string& doing, const kube::ApiError& error) {
                  warn_(key.ns + "/" + key.name + ": " + doing + ": " + error.error.message);
                },
            .on_undecodable =
                [this](const std::string& resource, const kube::ObjectKey& key, const std::string& message) {
                  warn_(resource + " " + key.ns + "/" + key.name + " can't be read: " + message);
                }};
  }

  Result<void> WriteKubeconfig() const {
    std::ofstream file(Kubeconfig());
    file << "apiVersion: v1\nkind: Config\ncurrent-context: coreflow-dev\nclusters:\n- name: coreflow-dev\n  cluster: "
            "{server: \""
         << Address()
         << "\"}\ncontexts:\n- name: coreflow-dev\n  context: {cluster: coreflow-dev, user: coreflow-dev}\nusers:\n"
            "- name: coreflow-dev\n  user: {}\n";
    if (file.flush()) return {};
    return Error{.code = Code::kInvalid, .message = "can't write " + Kubeconfig()};
  }

  Loop& loop_;
  const Options options_;
  const Warn warn_;
  bool isolated_ = false;
  apiserver::Store store_;
  std::unique_ptr<apiserver::Persistence> persistence_;
  apiserver::Registry registry_;
  apiserver::ApiServer api_{registry_, loop_};
  std::unique_ptr<apiserver::GarbageCollector> garbage_collector_;
  std::unique_ptr<apiserver::NamespaceController> namespaces_;
  std::vector<runner::UnpackedImage> images_;
  std::unique_ptr<runner::LocalNode> node_;  // or the other one
  std::unique_ptr<SimulatedNode> simulated_node_;
  PodLogs logs_{loop_, store_,
                [this](const json::Value& pod, const std::string& container) { return LogOf(pod, container); }};
  DevMetrics metrics_{loop_};
  apiserver::Frontend frontend_{
      loop_, api_, [this](const http::Request& request, const std::shared_ptr<http::Reply>& reply) {
        return logs_.Serve(request, reply) || metrics_.Serve(request, reply) || blobs_->Serve(request, reply);
      }};
  apiserver::LocalTransport transport_{loop_, api_};
  std::mt19937_64 random_{RandomSeed()};
  std::unique_ptr<store::Store> results_;
  std::unique_ptr<KeptBlobs> blobs_;
  artifacts::Endpoint endpoint_;
  std::unique_ptr<cache::StoreEntries> entries_;
  Secret<std::string> content_key_;
  std::unique_ptr<exporter::Exporter> exporter_;
  std::optional<runs::Reports> reports_;
  std::unique_ptr<runs::Controller> controller_;
  std::unique_ptr<http::Server> server_;
};

DevServer::DevServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DevServer::~DevServer() = default;

Result<std::unique_ptr<DevServer>> DevServer::Start(Loop& loop, Options options, Warn warn,
                                                    std::unique_ptr<store::Store> store) {
  auto impl = std::make_unique<Impl>(loop, std::move(options), std::move(warn), std::move(store));
  TRY_VOID(impl->Start());
  return std::unique_ptr<DevServer>(new DevServer(std::move(impl)));
}

void DevServer::Drain(std::function<void()> done) { impl_->Drain(std::move(done)); }

uint16_t DevServer::port() const { return impl_->port(); }
std::string DevServer::address() const { return impl_->Address(); }
std::string DevServer::kubeconfig() const { return impl_->Kubeconfig(); }
bool DevServer::isolated() const { return impl_->isolated(); }

}  // namespace coreflow::dev
