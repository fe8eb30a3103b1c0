#include "operator/manager/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "pkg/base/build_info.h"
#include "pkg/base/closest.h"
#include "pkg/outbox/receiver.h"

namespace coreflow::manager {
namespace {

enum class Kind { kText, kNumber, kTruth, kList };

struct Flag {
  const char* name;
  const char* path;
  Kind kind;
  const char* placeholder;
  const char* help;
};

constexpr auto kFlags = std::to_array<Flag>({
    {"--kubeconfig", "kubeconfig.path", Kind::kText, "FILE",
     "how to reach the cluster; else the pod's own account, $KUBECONFIG or ~/.kube/config"},
    {"--context", "kubeconfig.context", Kind::kText, "NAME", "context of the kubeconfig; else its current one"},
    {"--namespaces", "namespaces", Kind::kList, "A,B", "serve these namespaces only; else all of them"},
    {"--leader-election", "leaderElection.enabled", Kind::kTruth, "BOOL",
     "compete with other replicas; false when there is only one, ever (default true)"},
    {"--leader-election-namespace", "leaderElection.namespace", Kind::kText, "NAME",
     "namespace of the Lease; else the operator's own"},
    {"--leader-election-name", "leaderElection.name", Kind::kText, "NAME",
     "name of the Lease (default coreflow-operator)"},
    {"--fence", "fence.installed", Kind::kTruth, "BOOL",
     "the policies that keep former leaders out are installed (default false; the chart says true)"},
    {"--metrics-listen", "metrics.listen", Kind::kText, "HOST:PORT",
     "where /metrics, /healthz and /readyz are served (default :8080)"},
    {"--metrics-max-workflows", "metrics.maxWorkflows", Kind::kNumber, "N",
     "most names of workflows in metrics (default 100)"},
    {"--log-level", "log.level", Kind::kText, "LEVEL", "debug, info, warn or error (default info)"},
    {"--debug-address", "debug.address", Kind::kText, "HOST:PORT",
     "a loopback address where the log's level can be changed, and how the program fares is told; else nowhere"},
    {"--max-requests-in-flight", "requests.maxInFlight", Kind::kNumber, "N",
     "most requests to the API server at once (default 64)"},
    {"--http-client", "requests.httpClient", Kind::kText, "NAME",
     "the library that sends them: Beast or CppRest (default Beast)"},
    {"--store", "store.location", Kind::kText, "PLACE",
     "where artifacts and results of steps with a cache are kept: a folder, or s3://BUCKET/PREFIX with the access key "
     "in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or the file AWS_SHARED_CREDENTIALS_FILE; else nowhere, and they "
     "all run"},
    {"--store-limit", "store.limit", Kind::kText, "BYTES",
     "most that artifacts may take of a folder, such as 10Gi; else what the disk has"},
    {"--store-s3-endpoint", "store.s3.endpoint", Kind::kText, "URL",
     "a server that speaks S3, https://HOST:PORT; else AWS"},
    {"--store-s3-region", "store.s3.region", Kind::kText, "NAME", "of the bucket (default us-east-1)"},
    {"--store-s3-path-style", "store.s3.pathStyle", Kind::kTruth, "BOOL",
     "the bucket stands in the path, not in the name of the host (default true with an endpoint)"},
    {"--store-s3-ca-file", "store.s3.caFile", Kind::kText, "FILE",
     "PEM of who may sign for the endpoint; else the system's"},
    {"--store-listen", "store.listen", Kind::kText, "HOST:PORT",
     "where pods bring and get artifacts, with TLS (default :8443)"},
    {"--store-url", "store.url", Kind::kText, "URL",
     "how pods reach that: https://HOST:PORT; else steps have no artifacts"},
    {"--courier-image", "store.courierImage", Kind::kText, "IMAGE",
     "the image whose coreflow-courier moves artifacts in pods: CoreFlow's own"},
    {"--store-readers", "store.readers", Kind::kTruth, "BOOL",
     "people read artifacts and kept logs there, by tokens that the operator may review (default false)"},
    {"--cache-read-secrets", "cache.readSecrets", Kind::kTruth, "BOOL",
     "results of steps that are given Secrets are kept, too: the operator may get these (default false)"},
    {"--cache-read-config-maps", "cache.readConfigMaps", Kind::kTruth, "BOOL",
     "the same for ConfigMaps (default false)"},
    {"--otlp-endpoint", "tracing.endpoint", Kind::kText, "URL",
     "where spans of runs are sent, by OTLP over HTTP: http or https://HOST:PORT, without /v1/traces; else nowhere"},
    {"--otlp-headers", "tracing.headers", Kind::kList, "A=B,C=D", "headers of these requests"},
    {"--otlp-ca-file", "tracing.caFile", Kind::kText, "FILE", "PEM of who may sign for it; else the system's"},
    {"--cloudevents-sink", "cloudEvents.sink", Kind::kText, "URL",
     "where a CloudEvent is sent when a run or a step has ended; else nowhere"},
    {"--cloudevents-headers", "cloudEvents.headers", Kind::kList, "A=B,C=D", "headers of these requests"},
    {"--cloudevents-ca-file", "cloudEvents.caFile", Kind::kText, "FILE",
     "PEM of who may sign for it; else the system's"},
});

json::Value ValueOf(Kind kind, const std::string& text) {
  if (kind == Kind::kTruth && (text == "true" || text == "false")) return text == "true";
  if (kind == Kind::kNumber) {
    int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) return number;
  }
  if (kind == Kind::kList) {
    json::Array list;
    for (std::string& one : outbox::SplitList(text)) list.emplace_back(std::move(one));
    return list;
  }
  return text;
}

// Everything that no flag took, as one message: all of it, since each round of a restart costs a minute.
std::string Unknown(const std::vector<std::string>& left) {
  std::vector<std::string_view> known = {"--config", "--print-config", "--version", "--help"};
  for (const Flag& flag : kFlags) known.emplace_back(flag.name);
  std::string text;
  for (const std::string& word : left) {
    const std::string name = word.substr(0, word.find('='));
    text += fmt::format("coreflow-operator: {} {}{}\n", word.starts_with('-') ? "unknown flag" : "unexpected argument",
                        name, word.starts_with('-') ? DidYouMean(name, known) : "");
  }
  return text + "Run coreflow-operator --help for what there is.\n";
}

}  // namespace

std::variant<CommandLine, Exit> ParseCommandLine(std::vector<std::string> arguments) {
  CLI::App app("Runs Workflow and Job objects of coreflow.dev as pods.", "coreflow-operator");
  app.footer(
      "Every flag but the first four stands for a field of the configuration file and wins over it;\n"
      "--print-config shows the result, in a form that --config reads.\n\n"
      "`coreflow-operator uninstall` suspends what runs and lets go of all pods, so that no operator is needed.");
  app.set_help_flag("-h,--help", "show this and exit");
  app.get_formatter()->column_width(46);
  app.allow_extras();

  CommandLine line;
  bool version = false;
  app.add_option("--config", line.config_file, "configuration file, YAML or JSON")->type_name("FILE");
  app.add_flag("--print-config", line.print_config, "print the effective configuration and exit");
  app.add_flag("--version", version, "print the version and exit");
  std::array<std::string, kFlags.size()> values;
  std::array<CLI::Option*, kFlags.size()> options = {};
  for (size_t i = 0; i < kFlags.size(); ++i) {
    options[i] = app.add_option(kFlags[i].name, values[i], kFlags[i].help)->type_name(kFlags[i].placeholder);
  }

  try {
    std::reverse(arguments.begin(), arguments.end());  // CLI11 takes them from the end
    app.parse(std::move(arguments));
  } catch (const CLI::CallForHelp&) {
    return Exit{.out = app.help()};
  } catch (const CLI::ParseError& error) {
    return Exit{.code = 2, .err = fmt::format("coreflow-operator: {}\n", error.what())};
  }
  if (const auto left = app.remaining(); !left.empty()) return Exit{.code = 2, .err = Unknown(left)};
  if (version) return Exit{.out = fmt::format("coreflow-operator {} (revision {})\n", Version(), Revision())};
  for (size_t i = 0; i < kFlags.size(); ++i) {
    if (options[i]->count() == 0) continue;
    line.overrides.push_back(
        {.flag = kFlags[i].name, .path = kFlags[i].path, .value = ValueOf(kFlags[i].kind, values[i])});
  }
  return line;
}

}  // namespace coreflow::manager
