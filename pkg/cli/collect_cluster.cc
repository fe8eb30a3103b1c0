#include "pkg/cli/collect_cluster.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/cli/operator_texts.h"
#include "pkg/json/write.h"

namespace coreflow::cli {

namespace {

using redaction::Subject;

constexpr kube::Resource kConfigMaps{.version = "v1", .plural = "configmaps", .kind = "ConfigMap"};
constexpr kube::Resource kDeployments{.group = "apps", .version = "v1", .plural = "deployments", .kind = "Deployment"};
constexpr kube::Resource kCrds{.group = "apiextensions.k8s.io",
                               .version = "v1",
                               .plural = "customresourcedefinitions",
                               .kind = "CustomResourceDefinition",
                               .namespaced = false};

// An object may have 1.5 MiB, and a page is in memory.
constexpr int kPage = 20;
constexpr size_t kMostOfAKind = 1000;
// What the chart puts on all that it makes.
constexpr char kOfOperator[] = "app.kubernetes.io/name=coreflow";

struct Batch {
  kube::Resource resource;
  Subject subject;
  const char* labels = "";
  const char* fields = "";
};

// Those with the most values of users first: what is left out of them is looked for in the texts of the others.
// ConfigMaps have no texts, and may have more values than can be looked for.
constexpr Batch kOfRuns[] = {
    {kube::kWorkflowRecords, Subject::kRecord}, {kube::kPods, Subject::kStepPod, "coreflow.dev/run-id"},
    {kube::kWorkflows, Subject::kWorkflow},     {kube::kJobs, Subject::kWorkflow},
    {kConfigMaps, Subject::kConfigMap},         {kube::kLeases, Subject::kLease, "", "metadata.name=coreflow-claim"}};
constexpr Batch kOfInstall[] = {{kConfigMaps, Subject::kConfigMap, kOfOperator},
                                {kDeployments, Subject::kDeployment, kOfOperator},
                                {kube::kPods, Subject::kOperatorPod, kOfOperator},
                                {kube::kLeases, Subject::kLease},
                                {kube::kFences, Subject::kLease}};
constexpr Batch kEventBatch{kube::kEvents, Subject::kEvent};

constexpr std::string_view kCrdNames[] = {"workflows.coreflow.dev", "jobs.coreflow.dev", "workflowrecords.coreflow.dev",
                                          "fences.coreflow.dev"};

class Collector {
 public:
  Collector(Session& session, const BundleScope& scope, redaction::Redactor& redactor, BundleWriter& bundle)
      : session_(session), scope_(scope), redactor_(redactor), bundle_(bundle) {}

  // Objects, then texts that may speak of them.
  Result<void> Collect() {
    for (const Batch& batch : kOfRuns) TRY_VOID(AddBatch(batch, scope_.ns, false));
    for (const Batch& batch : kOfInstall) TRY_VOID(AddBatch(batch, scope_.operator_ns, true));
    TRY_VOID(AddCrds());
    TRY_VOID(AddBatch(kEventBatch, scope_.ns, false));
    TRY_VOID(AddBatch(kEventBatch, scope_.operator_ns, true));
    if (pods_.empty()) {
      bundle_.Omit("logs of the operator", fmt::format("no pods {} can be seen in namespace {}; --operator-namespace "
                                                       "names another",
                                                       kOfOperator, scope_.operator_ns));
      TRY_VOID(AddMetricsOfServer(session_, redactor_, bundle_));
    }
    for (const OperatorPod& pod : pods_) TRY_VOID(AddOperatorTexts(session_, pod, redactor_, bundle_));
    return {};
  }

 private:
  Result<void> AddBatch(const Batch& batch, const std::string& ns, bool of_install) {
    const std::string what =
        fmt::format("{} {}", batch.resource.plural, ns.empty() ? "of all namespaces" : "in namespace " + ns);
    kube::ListOptions options{.limit = kPage};
    size_t count = 0;
    do {
      const auto page = session_.Send(
          kube::List(batch.resource, {.ns = ns, .labels = batch.labels, .fields = batch.fields}, options));
      if (!page) return NoteMissing(what, page.error(), redactor_, bundle_);
      for (const json::Value& item : (*page)["items"].Elements()) {
        if (++count > kMostOfAKind) {
          bundle_.Omit(what, fmt::format("only the first {} are here", kMostOfAKind));
          return {};
        }
        TRY_VOID(AddItem(batch, item, of_install));
      }
      options.continue_token = (*page)["metadata"]["continue"].StringOr("");
    } while (!options.continue_token.empty());
    return {};
  }

  Result<void> AddItem(const Batch& batch, const json::Value& item, bool of_install) {
    json::Object object = item.Members();
    object["apiVersion"] = kube::ApiVersion(batch.resource);
    object["kind"] = batch.resource.kind;
    std::vector<std::string> path = {"operator"};
    if (!of_install) path = {"namespaces", item["metadata"]["namespace"].StringOr("")};
    path.emplace_back(batch.resource.plural);
    if (batch.subject == Subject::kOperatorPod) pods_.push_back(OperatorPodOf(item));
    return AddObject(std::move(path), batch.subject, std::move(object));
  }

  Result<void> AddObject(std::vector<std::string> path, Subject subject, const json::Value& object) {
    path.push_back(object["metadata"]["name"].StringOr("") + ".json");
    return bundle_.Add(path, json::WriteIndented(redactor_.Show(subject, object)) + "\n");
  }

  Result<void> AddCrds() {
    for (const std::string_view name : kCrdNames) {
      const auto crd = session_.Send(kube::Get(kCrds, {.name = std::string(name)}));
      if (crd) {
        TRY_VOID(AddObject({"crds"}, Subject::kCrd, *crd));
      } else {
        TRY_VOID(NoteMissing(fmt::format("the CustomResourceDefinition {}", name), crd.error(), redactor_, bundle_));
      }
    }
    return {};
  }

  Session& session_;
  const BundleScope& scope_;
  redaction::Redactor& redactor_;
  BundleWriter& bundle_;
  std::vector<OperatorPod> pods_;
};

}  // namespace

Result<void> CollectCluster(Session& session, const BundleScope& scope, redaction::Redactor& redactor,
                            BundleWriter& bundle) {
  return Collector(session, scope, redactor, bundle).Collect();
}

Result<void> NoteMissing(const std::string& what, const Error& error, const redaction::Redactor& redactor,
                         BundleWriter& bundle) {
  if (error.code == Code::kCancelled) return error;
  std::string why = redactor.Show(error.message);
  std::ranges::replace(why, '\n', ' ');
  bundle.Omit(what, why);
  return {};
}

}  // namespace coreflow::cli
