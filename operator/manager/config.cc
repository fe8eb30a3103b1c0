#include "operator/manager/config.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ostream>
#include <set>
#include <utility>

#include "pkg/cel/quantity.h"

namespace coreflow::manager {
namespace {

bool IsAddress(const std::string& text, int family) {
  std::array<unsigned char, sizeof(in6_addr)> parsed = {};
  return inet_pton(family, text.c_str(), parsed.data()) == 1;
}

// RFC 1123 label or, with dots, subdomain: what Kubernetes takes as the name of a namespace, or of a Lease.
bool IsName(std::string_view name, bool dots) {
  const auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (name.empty() || name.size() > (dots ? 253 : 63)) return false;
  if (!alphanumeric(name.front()) || !alphanumeric(name.back())) return false;
  return std::all_of(name.begin(), name.end(),
                     [&](char c) { return alphanumeric(c) || c == '-' || (dots && c == '.'); });
}

void CheckNamespaces(const std::vector<std::string>& namespaces, std::vector<json::Problem>& problems) {
  std::set<std::string_view> seen;
  for (size_t i = 0; i < namespaces.size(); ++i) {
    const std::string path = fmt::format(".namespaces[{}]", i);
    if (!IsName(namespaces[i], false)) {
      problems.push_back({path, fmt::format("\"{}\" is no name of a namespace", namespaces[i])});
    } else if (!seen.insert(namespaces[i]).second) {
      problems.push_back({path, fmt::format("\"{}\" stands there twice", namespaces[i])});
    }
  }
}

void CheckElection(const LeaderElection& election, std::vector<json::Problem>& problems) {
  if (!election.enabled) return;
  if (!election.namespace_name.empty() && !IsName(election.namespace_name, false)) {
    problems.push_back(
        {".leaderElection.namespace", fmt::format("\"{}\" is no name of a namespace", election.namespace_name)});
  }
  if (!IsName(election.name, true)) {
    problems.push_back({".leaderElection.name", fmt::format("\"{}\" is no name of a Lease", election.name)});
  }
  if (election.renew_deadline_seconds >= election.lease_duration_seconds) {
    problems.push_back({".leaderElection.renewDeadlineSeconds",
                        fmt::format("{} must be less than leaseDurationSeconds ({}), or two replicas could act at once",
                                    election.renew_deadline_seconds, election.lease_duration_seconds)});
  }
  // A retry may take up to a fifth longer than its period.
  if (election.renew_deadline_seconds * 10 <= election.retry_period_seconds * 12) {
    problems.push_back({".leaderElection.retryPeriodSeconds",
                        fmt::format("1.2 times {} must be less than renewDeadlineSeconds ({})",
                                    election.retry_period_seconds, election.renew_deadline_seconds)});
  }
}

void CheckFence(const Config& config, std::vector<json::Problem>& problems) {
  if (!config.fence.installed || config.leader_election.enabled) return;
  problems.push_back({".fence.installed", "needs leaderElection.enabled: the fence keeps former leaders out"});
}

// Members of store::Place by the fields that they come from.
constexpr std::array<std::pair<std::string_view, const char*>, 6> kPlaceFields = {
    {{"location", ".store.location"},
     {"blob_bytes", ".store.limit"},
     {"endpoint", ".store.s3.endpoint"},
     {"region", ".store.s3.region"},
     {"path_style", ".store.s3.pathStyle"},
     {"ca_file", ".store.s3.caFile"}}};

std::optional<uint64_t> LimitOf(const StoreConfig& config) {
  const auto limit = cel::Quantity::Parse(config.limit);
  const auto bytes = limit ? limit->AsInteger() : std::nullopt;
  if (!bytes || *bytes <= 0) return std::nullopt;
  return static_cast<uint64_t>(*bytes);
}

void CheckPlace(const StoreConfig& config, const store::Variable& variable, std::vector<json::Problem>& problems) {
  if (!config.limit.empty() && !LimitOf(config)) {
    problems.push_back({".store.limit", fmt::format("\"{}\" is no number of bytes, such as 10Gi", config.limit)});
  }
  if (config.location.empty()) {
    if (config.s3 != S3Config()) problems.push_back({".store.s3", "needs store.location: s3://BUCKET/PREFIX"});
    return;
  }
  for (const store::OptionProblem& problem : store::CheckPlace(PlaceOf(config), variable)) {
    const auto* field = std::ranges::find(kPlaceFields, problem.option, &decltype(kPlaceFields)::value_type::first);
    problems.push_back({field == kPlaceFields.end() ? ".store" : field->second, problem.message});
  }
}

void CheckStore(const Config& config, const store::Variable& variable, std::vector<json::Problem>& problems) {
  const StoreConfig& store = config.store;
  CheckPlace(store, variable, problems);
  if (auto listen = ParseListen(store.listen); !listen) {
    problems.push_back({".store.listen", listen.error().message});
  }
  if (!store.url.empty() && !store.url.starts_with("https://")) {
    problems.push_back({".store.url", "must be https://HOST:PORT, as pods reach store.listen"});
  }
  if (!store.url.empty() && store.location.empty()) {
    problems.push_back({".store.url", "needs store.location: that is where artifacts are kept"});
  }
  if (store.readers && store.url.empty()) {
    problems.push_back({".store.readers", "needs store.url: without it there is nothing to read from"});
  }
  if (store.url.empty() != store.courier_image.empty()) {
    problems.push_back({store.url.empty() ? ".store.url" : ".store.courierImage",
                        "store.url and store.courierImage go together: pods with artifacts need both"});
  }
}

void CheckCache(const Config& config, std::vector<json::Problem>& problems) {
  if (!config.store.location.empty()) return;
  constexpr const char* kWhy = "needs store.location: that is where results are kept";
  if (config.cache.read_secrets) problems.push_back({".cache.readSecrets", kWhy});
  if (config.cache.read_config_maps) problems.push_back({".cache.readConfigMaps", kWhy});
}

// `url_field`: what the receiver's URL is called below `path`.
void AddProblems(const outbox::Receiver& receiver, const std::string& path, const char* url_field,
                 std::vector<json::Problem>& problems) {
  for (outbox::ReceiverProblem& problem : outbox::CheckReceiver(receiver)) {
    const std::string field = problem.field == "url" ? url_field : problem.field;
    problems.push_back({fmt::format(".{}.{}", path, field), std::move(problem.message)});
  }
}

void CheckDebug(const DebugConfig& debug, std::vector<json::Problem>& problems) {
  if (debug.address.empty()) return;
  const auto listen = ParseListen(debug.address);
  if (!listen) {
    problems.push_back({".debug.address", listen.error().message});
  } else if (!IsLoopback(*listen)) {
    problems.push_back({".debug.address", fmt::format("{} can be reached from elsewhere, and asks nobody who they are: "
                                                      "it must be a loopback address, such as 127.0.0.1:6060",
                                                      debug.address)});
  }
}

}  // namespace

Result<Listen> ParseListen(std::string_view text) {
  const Error wrong = {.code = Code::kInvalid,
                       .message = fmt::format("\"{}\" is not HOST:PORT with an IP address and a port from 1 to 65535, "
                                              "such as :8080, 127.0.0.1:8080 or [::1]:8080",
                                              text)};
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  std::string host(text.substr(0, colon));
  const std::string_view port = text.substr(colon + 1);
  Listen listen;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), listen.port);
  if (error != std::errc() || end != port.data() + port.size() || listen.port == 0) return wrong;
  if (host.empty()) host = "0.0.0.0";
  if (host.starts_with('[') && host.ends_with(']')) {
    listen.address = host.substr(1, host.size() - 2);
    if (!IsAddress(listen.address, AF_INET6)) return wrong;
  } else {
    listen.address = host;
    if (!IsAddress(host, AF_INET)) return wrong;
  }
  return listen;
}

bool IsLoopback(const Listen& listen) { return listen.address.starts_with("127.") || listen.address == "::1"; }

void PrintTo(const Config& config, std::ostream* out) { PrintTo(json::ToJson(config), out); }

void PrintTo(const Listen& listen, std::ostream* out) { *out << listen.address << " port " << listen.port; }

std::string ClaimOwner(const LeaderElection& election, const std::string& own_namespace) {
  const std::string& ns = election.namespace_name.empty() ? own_namespace : election.namespace_name;
  return ns + "/" + election.name;
}

outbox::Receiver ReceiverOf(const TracingConfig& config) {
  return {.url = config.endpoint, .headers = config.headers, .ca_file = config.ca_file};
}

outbox::Receiver ReceiverOf(const CloudEventsConfig& config) {
  return {.url = config.sink, .headers = config.headers, .ca_file = config.ca_file};
}

store::Place PlaceOf(const StoreConfig& config) {
  return {.location = config.location,
          .endpoint = config.s3.endpoint,
          .region = config.s3.region,
          .path_style = config.s3.path_style,
          .ca_file = config.s3.ca_file,
          .blob_bytes = LimitOf(config)};
}

std::vector<json::Problem> Validate(const Config& config, const store::Variable& variable) {
  std::vector<json::Problem> problems;
  CheckNamespaces(config.namespaces, problems);
  CheckElection(config.leader_election, problems);
  CheckFence(config, problems);
  CheckStore(config, variable, problems);
  CheckCache(config, problems);
  AddProblems(ReceiverOf(config.tracing), "tracing", "endpoint", problems);
  AddProblems(ReceiverOf(config.cloud_events), "cloudEvents", "sink", problems);
  CheckDebug(config.debug, problems);
  if (const auto listen = ParseListen(config.metrics.listen); !listen) {
    problems.push_back({".metrics.listen", listen.error().message});
  }
  return problems;
}

}  // namespace coreflow::manager
