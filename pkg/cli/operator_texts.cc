#include "pkg/cli/operator_texts.h"

#include <fmt/format.h>

#include <vector>

#include "pkg/cli/collect_cluster.h"
#include "pkg/cli/read_tail.h"
#include "pkg/kube/target.h"

namespace coreflow::cli {

namespace {

// As roles name them.
constexpr kube::Resource kPodLogs{.version = "v1", .plural = "pods/log", .kind = "Pod"};
constexpr kube::Resource kPodProxy{.version = "v1", .plural = "pods/proxy", .kind = "Pod"};

constexpr size_t kMostOfAText = size_t{4} << 20;
// The server counts lines from the end, but bytes from the beginning of those: so many that the end is among them.
constexpr char kLines[] = "50000";
constexpr char kBytes[] = "67108864";

Result<kube::Request> LogRequest(const OperatorPod& pod, bool previous) {
  TRY(kube::Target target, kube::Target::Object(kube::kPods, pod.key, "log"));
  target.Query("container", pod.container).Query("tailLines", kLines).Query("limitBytes", kBytes);
  target.Query("previous", previous ? "true" : "");
  return kube::Request{.verb = kube::Verb::kGet,
                       .resource = kPodLogs,
                       .ns = pod.key.ns,
                       .http = {.target = target.text(), .headers = {{"Accept", "*/*"}}}};
}

Result<kube::Request> MetricsRequest(const OperatorPod& pod) {
  const kube::ObjectKey key{.ns = pod.key.ns, .name = fmt::format("{}:{}", pod.key.name, pod.metrics_port)};
  TRY(kube::Target target, kube::Target::Object(kube::kPods, key, "proxy"));
  return kube::Request{.verb = kube::Verb::kGet,
                       .resource = kPodProxy,
                       .ns = pod.key.ns,
                       .http = {.target = target.text() + "/metrics", .headers = {{"Accept", "*/*"}}}};
}

Result<void> AddText(Session& session, const Result<kube::Request>& request, const std::string& what,
                     const std::vector<std::string>& path, const redaction::Redactor& redactor, BundleWriter& bundle) {
  const auto tail = ReadTail(session, request, kMostOfAText);
  if (!tail) return NoteMissing(what, tail.error(), redactor, bundle);
  if (tail->cut)
    bundle.Omit("the beginning of " + what, fmt::format("only the last {} MiB are here", kMostOfAText >> 20));
  return bundle.Add(path, redactor.Show(tail->text));
}

}  // namespace

OperatorPod OperatorPodOf(const json::Value& pod) {
  OperatorPod found{
      .key = {.ns = pod["metadata"]["namespace"].StringOr(""), .name = pod["metadata"]["name"].StringOr("")}};
  for (const json::Value& container : pod["spec"]["containers"].Elements()) {
    const std::string name = container["name"].StringOr("");
    if (!found.container.empty() && name != "operator") continue;
    found.container = name;
    found.metrics_port = 0;
    for (const json::Value& port : container["ports"].Elements()) {
      if (port["name"].StringOr("") == "metrics") found.metrics_port = port["containerPort"].IntOr(0);
    }
  }
  for (const json::Value& status : pod["status"]["containerStatuses"].Elements()) {
    if (status["name"].StringOr("") == found.container) found.restarted = status["restartCount"].IntOr(0) > 0;
  }
  return found;
}

Result<void> AddOperatorTexts(Session& session, const OperatorPod& pod, const redaction::Redactor& redactor,
                              BundleWriter& bundle) {
  const std::string& name = pod.key.name;
  TRY_VOID(AddText(session, LogRequest(pod, false), "the log of " + name, {"operator", "logs", name + ".log"}, redactor,
                   bundle));
  if (pod.restarted) {
    TRY_VOID(AddText(session, LogRequest(pod, true), "the log of " + name + " before its restart",
                     {"operator", "logs", name + ".previous.log"}, redactor, bundle));
  }
  if (pod.metrics_port == 0) {
    bundle.Omit("metrics of " + name, "the pod has no port called metrics");
    return {};
  }
  return AddText(session, MetricsRequest(pod), "metrics of " + name, {"operator", "metrics", name + ".txt"}, redactor,
                 bundle);
}

Result<void> AddMetricsOfServer(Session& session, const redaction::Redactor& redactor, BundleWriter& bundle) {
  constexpr kube::Resource kMetrics{.plural = "metrics", .namespaced = false};
  const auto tail =
      ReadTail(session, kube::Request{.resource = kMetrics, .http = {.target = "/metrics"}}, kMostOfAText);
  if (!tail && tail.error().code == Code::kCancelled) return tail.error();
  if (!tail || tail->text.find("\ncoreflow_build_info{") == std::string::npos) return {};
  return bundle.Add({"operator", "metrics", "server.txt"}, redactor.Show(tail->text));
}

}  // namespace coreflow::cli
