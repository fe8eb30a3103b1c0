#pragma once

#include <array>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/json/bind.h"
#include "pkg/logging/line.h"
#include "pkg/outbox/receiver.h"
#include "pkg/store/place.h"

// What the operator can be told. Handed down as values from main(); nothing else reads flags, files or the
// environment, but for the store's access key.
namespace coreflow::manager {

struct KubeconfigChoice {
  std::string path = {};     // empty: the pod's own account in a pod, else $KUBECONFIG, else ~/.kube/config
  std::string context = {};  // empty: the file's current context

  static constexpr auto Fields() {
    return std::make_tuple(json::Field("path", &KubeconfigChoice::path),
                           json::Field("context", &KubeconfigChoice::context));
  }
  bool operator==(const KubeconfigChoice&) const = default;
};

struct LeaderElection {
  bool enabled = true;              // false: this is the only replica there will ever be
  std::string namespace_name = {};  // of the Lease; empty: the operator's own
  std::string name = "coreflow-operator";
  int64_t lease_duration_seconds = 15;
  int64_t renew_deadline_seconds = 10;
  int64_t retry_period_seconds = 2;

  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("enabled", &LeaderElection::enabled), json::Field("namespace", &LeaderElection::namespace_name),
        json::Field("name", &LeaderElection::name),
        json::Field("leaseDurationSeconds", &LeaderElection::lease_duration_seconds, {.minimum = 2, .maximum = 3600}),
        json::Field("renewDeadlineSeconds", &LeaderElection::renew_deadline_seconds, {.minimum = 1, .maximum = 3600}),
        json::Field("retryPeriodSeconds", &LeaderElection::retry_period_seconds, {.minimum = 1, .maximum = 3600}));
  }
  bool operator==(const LeaderElection&) const = default;
};

// The policies that make the API server refuse what a former leader still sends: charts/coreflow/templates/fence.yaml.
struct FenceConfig {
  bool installed = false;
  int64_t patience_seconds = 60;  // how long they may take to work; then the operator goes on without them

  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("installed", &FenceConfig::installed),
        json::Field("patienceSeconds", &FenceConfig::patience_seconds, {.minimum = 1, .maximum = 600}));
  }
  bool operator==(const FenceConfig&) const = default;
};

struct MetricsConfig {
  std::string listen = ":8080";  // see ParseListen
  int64_t max_workflows = 100;   // different values of the label `workflow`

  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("listen", &MetricsConfig::listen),
        json::Field("maxWorkflows", &MetricsConfig::max_workflows, {.minimum = 0, .maximum = 10'000}));
  }
  bool operator==(const MetricsConfig&) const = default;
};

// What helps while the program runs; see debug_routes.h. Only from the machine itself, or the pod.
struct DebugConfig {
  std::string address = {};  // "127.0.0.1:6060"; empty: nowhere

  static constexpr auto Fields() { return std::make_tuple(json::Field("address", &DebugConfig::address)); }
  bool operator==(const DebugConfig&) const = default;
};

struct LogConfig {
  logging::Level level = logging::Level::kInfo;

  static constexpr auto Fields() { return std::make_tuple(json::Field("level", &LogConfig::level)); }
  bool operator==(const LogConfig&) const = default;
};

// The library under http::Transport; see docs/decisions/0009.
enum class HttpClient { kBeast, kCppRest };
constexpr auto EnumNames(HttpClient) { return std::to_array<std::string_view>({"Beast", "CppRest"}); }

// Requests to the API server. There is no limit per second: API Priority and Fairness is the limit, and it answers.
struct RequestConfig {
  int64_t max_in_flight = 64;  // at once, watches not counted
  HttpClient http_client = HttpClient::kBeast;

  static constexpr auto Fields() {
    return std::make_tuple(json::Field("maxInFlight", &RequestConfig::max_in_flight, {.minimum = 1, .maximum = 1000}),
                           json::Field("httpClient", &RequestConfig::http_client));
  }
  bool operator==(const RequestConfig&) const = default;
};

// Of a store in S3. The access key never stands here: see store::FindAccessKey.
struct S3Config {
  std::string endpoint = {};            // "https://HOST:PORT"; empty: AWS
  std::string region = {};              // empty: us-east-1
  std::optional<bool> path_style = {};  // unset: unless it is AWS
  std::string ca_file = {};             // empty: the system's authorities

  static constexpr auto Fields() {
    return std::make_tuple(json::Field("endpoint", &S3Config::endpoint), json::Field("region", &S3Config::region),
                           json::Field("pathStyle", &S3Config::path_style), json::Field("caFile", &S3Config::ca_file));
  }
  bool operator==(const S3Config&) const = default;
};

// Where results of steps are kept for others that compute the same, and artifacts.
struct StoreConfig {
  std::string location = {};  // an absolute folder or s3://BUCKET/PREFIX; empty: nowhere, and each step runs
  std::string limit = {};     // most that artifacts may take of a folder, "10Gi"; empty: what the disk has
  S3Config s3 = {};
  std::string listen = ":8443";    // where pods bring and get artifacts
  std::string url = {};            // how they reach that, "https://…"; empty: there are no artifacts
  std::string courier_image = {};  // what in the pods does so; REQUIRED with a URL
  bool readers = false;            // people read there, too: takes the right to create tokenreviews

  static constexpr auto Fields() {
    return std::make_tuple(json::Field("location", &StoreConfig::location), json::Field("limit", &StoreConfig::limit),
                           json::Field("s3", &StoreConfig::s3), json::Field("listen", &StoreConfig::listen),
                           json::Field("url", &StoreConfig::url),
                           json::Field("courierImage", &StoreConfig::courier_image),
                           json::Field("readers", &StoreConfig::readers));
  }
  bool operator==(const StoreConfig&) const = default;
};

// What results of steps may depend on. Each takes the right to `get` these objects where runs are.
struct CacheConfig {
  bool read_secrets = false;      // false: what is given one can't be cached
  bool read_config_maps = false;  // as above

  static constexpr auto Fields() {
    return std::make_tuple(json::Field("readSecrets", &CacheConfig::read_secrets),
                           json::Field("readConfigMaps", &CacheConfig::read_config_maps));
  }
  bool operator==(const CacheConfig&) const = default;
};

// Where spans of runs are sent, by OpenTelemetry's protocol over HTTP.
struct TracingConfig {
  std::string endpoint = {};              // "https://HOST:PORT"; empty: there are none
  std::vector<std::string> headers = {};  // "NAME=VALUE", of each request
  std::string ca_file = {};               // empty: the system's authorities

  static constexpr auto Fields() {
    return std::make_tuple(json::Field("endpoint", &TracingConfig::endpoint),
                           json::Field("headers", &TracingConfig::headers),
                           json::Field("caFile", &TracingConfig::ca_file));
  }
  bool operator==(const TracingConfig&) const = default;
};

// Where CloudEvents of runs are sent.
struct CloudEventsConfig {
  std::string sink = {};                  // "https://HOST:PORT/PATH"; empty: there are none
  std::vector<std::string> headers = {};  // as above
  std::string ca_file = {};               //

  static constexpr auto Fields() {
    return std::make_tuple(json::Field("sink", &CloudEventsConfig::sink),
                           json::Field("headers", &CloudEventsConfig::headers),
                           json::Field("caFile", &CloudEventsConfig::ca_file));
  }
  bool operator==(const CloudEventsConfig&) const = default;
};

struct Config {
  KubeconfigChoice kubeconfig = {};
  std::vector<std::string> namespaces = {};  // empty: all of them
  LeaderElection leader_election = {};
  FenceConfig fence = {};
  MetricsConfig metrics = {};
  LogConfig log = {};
  DebugConfig debug = {};
  RequestConfig requests = {};
  StoreConfig store = {};
  CacheConfig cache = {};
  TracingConfig tracing = {};
  CloudEventsConfig cloud_events = {};

  static constexpr auto Fields() {
    return std::make_tuple(
        json::Field("kubeconfig", &Config::kubeconfig), json::Field("namespaces", &Config::namespaces),
        json::Field("leaderElection", &Config::leader_election), json::Field("fence", &Config::fence),
        json::Field("metrics", &Config::metrics), json::Field("log", &Config::log),
        json::Field("debug", &Config::debug), json::Field("requests", &Config::requests),
        json::Field("store", &Config::store), json::Field("cache", &Config::cache),
        json::Field("tracing", &Config::tracing), json::Field("cloudEvents", &Config::cloud_events));
  }
  bool operator==(const Config&) const = default;
};

// What this install is called where namespaces are claimed: all its replicas have the same name, and it stays over
// upgrades. `own_namespace` is that of the account.
std::string ClaimOwner(const LeaderElection& election, const std::string& own_namespace);

// Prints it as JSON.
void PrintTo(const Config& config, std::ostream* out);

// Where to listen: "HOST:PORT" with an IP address, "[::1]:8080" for IPv6, ":8080" for every IPv4 address.
struct Listen {
  std::string address = {};
  uint16_t port = 0;

  bool operator==(const Listen&) const = default;
};
Result<Listen> ParseListen(std::string_view text);
// Whether nobody on another machine reaches it: in 127.0.0.0/8, or ::1.
bool IsLoopback(const Listen& listen);
void PrintTo(const Listen& listen, std::ostream* out);

// Who is sent spans, or events.
outbox::Receiver ReceiverOf(const TracingConfig& config);
outbox::Receiver ReceiverOf(const CloudEventsConfig& config);

// The store as pkg/store wants it told. A limit that is none is left out.
store::Place PlaceOf(const StoreConfig& config);

// Everything that no field can say on its own, with the path of the field that is wrong. A store in S3 needs an access
// key in `variable`.
std::vector<json::Problem> Validate(const Config& config, const store::Variable& variable);

}  // namespace coreflow::manager
