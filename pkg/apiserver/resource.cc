#include "pkg/apiserver/resource.h"

#include <algorithm>

#include "pkg/apiserver/embedded.h"
#include "pkg/base/check.h"
#include "pkg/json/parse.h"

namespace coreflow::apiserver {

namespace {

constexpr char kAge[] = ".metadata.creationTimestamp";

std::vector<std::string> Strings(const json::Value& list) {
  std::vector<std::string> all;
  for (const json::Value& one : list.Elements()) all.push_back(one.StringOr(""));
  return all;
}

// ".status.state" is selected as "status.state".
std::vector<std::string> Selectable(const json::Value& version) {
  std::vector<std::string> all;
  for (const json::Value& field : version["selectableFields"].Elements()) {
    all.push_back(field["jsonPath"].StringOr(".").substr(1));
  }
  return all;
}

std::vector<Column> Columns(const json::Value& version) {
  std::vector<Column> all;
  for (const json::Value& column : version["additionalPrinterColumns"].Elements()) {
    all.push_back({.name = column["name"].StringOr(""),
                   .type = column["type"].StringOr("string"),
                   .path = column["jsonPath"].StringOr(""),
                   .priority = static_cast<int>(column["priority"].IntOr(0))});
  }
  return all;
}

Resource Custom(const json::Value& crd) {
  const json::Value& names = crd["spec"]["names"];
  const json::Value& version = crd["spec"]["versions"].Elements().front();
  return {.group = crd["spec"]["group"].StringOr(""),
          .version = version["name"].StringOr(""),
          .plural = names["plural"].StringOr(""),
          .singular = names["singular"].StringOr(""),
          .kind = names["kind"].StringOr(""),
          .short_names = Strings(names["shortNames"]),
          .categories = Strings(names["categories"]),
          .namespaced = crd["spec"]["scope"].StringOr("") == "Namespaced",
          .custom = true,
          .has_status = !version["subresources"]["status"].IsNull(),
          .selectable = Selectable(version),
          .columns = Columns(version)};
}

std::vector<Column> EventColumns() {
  return {{"Last Seen", "string", "last seen of the event"},
          {"Type", "string", ".type"},
          {"Reason", "string", ".reason"},
          {"Object", "string", "object of the event"},
          {"Subobject", "string", ".regarding.fieldPath", 1},
          {"Source", "string", "source of the event", 1},
          {"Message", "string", "note of the event"},
          {"First Seen", "string", "first seen of the event", 1},
          {"Count", "integer", "count of the event", 1},
          {"Name", "string", ".metadata.name", 1}};
}

// What runs, and where.
std::vector<Resource> RunResources() {
  return {
      {.version = "v1",
       .plural = "pods",
       .singular = "pod",
       .kind = "Pod",
       .short_names = {"po"},
       .categories = {"all"},
       .has_status = true,
       .blind_put = true,
       .returns_deleted = true,
       .selectable = {"spec.nodeName", "status.phase"},
       .columns = {{"Ready", "string", "ready of the pod"},
                   {"Status", "string", "status of the pod"},
                   {"Restarts", "string", "restarts of the pod"},
                   {"Age", "date", kAge},
                   {"IP", "string", ".status.podIP", 1},
                   {"Node", "string", ".spec.nodeName", 1}}},
      {.version = "v1",
       .plural = "namespaces",
       .singular = "namespace",
       .kind = "Namespace",
       .short_names = {"ns"},
       .namespaced = false,
       .has_status = true,
       .blind_put = true,
       .returns_deleted = true,
       .columns = {{"Status", "string", ".status.phase"}, {"Age", "date", kAge}}},
      {.version = "v1",
       .plural = "nodes",
       .singular = "node",
       .kind = "Node",
       .short_names = {"no"},
       .namespaced = false,
       .has_status = true,
       .blind_put = true,
       .columns = {{"Status", "string", "Ready of the node"}, {"Age", "date", kAge}}},
  };
}

// The rest of the core group.
std::vector<Resource> CoreResources() {
  return {
      {.version = "v1",
       .plural = "configmaps",
       .singular = "configmap",
       .kind = "ConfigMap",
       .short_names = {"cm"},
       .blind_put = true,
       .columns = {{"Data", "integer", "count of .data"}, {"Age", "date", kAge}}},
      {.version = "v1",
       .plural = "secrets",
       .singular = "secret",
       .kind = "Secret",
       .blind_put = true,
       .columns = {{"Type", "string", ".type"}, {"Data", "integer", "count of .data"}, {"Age", "date", kAge}}},
      {.version = "v1",
       .plural = "resourcequotas",
       .singular = "resourcequota",
       .kind = "ResourceQuota",
       .short_names = {"quota"},
       .returns_deleted = true},
      {.version = "v1",
       .plural = "serviceaccounts",
       .singular = "serviceaccount",
       .kind = "ServiceAccount",
       .short_names = {"sa"},
       .blind_put = true,
       .returns_deleted = true},
      {.version = "v1",
       .plural = "events",
       .singular = "event",
       .kind = "Event",
       .short_names = {"ev"},
       .create_by_put = true,
       .blind_put = true,
       .selectable = {"involvedObject.kind=regarding.kind", "involvedObject.namespace=regarding.namespace",
                      "involvedObject.name=regarding.name", "involvedObject.uid=regarding.uid",
                      "involvedObject.apiVersion=regarding.apiVersion",
                      "involvedObject.resourceVersion=regarding.resourceVersion",
                      "involvedObject.fieldPath=regarding.fieldPath", "reason",
                      "reportingComponent=reportingController", "source=deprecatedSource.component", "type"},
       .columns = EventColumns()},
  };
}

// Those of other groups.
std::vector<Resource> GroupResources() {
  return {
      {.group = "events.k8s.io",
       .version = "v1",
       .plural = "events",
       .singular = "event",
       .kind = "Event",
       .short_names = {"ev"},
       .create_by_put = true,
       .blind_put = true,
       .selectable = {"regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid",
                      "regarding.apiVersion", "regarding.resourceVersion", "regarding.fieldPath", "reason",
                      "reportingController", "type"},
       .columns = EventColumns()},
      {.group = "coordination.k8s.io",
       .version = "v1",
       .plural = "leases",
       .singular = "lease",
       .kind = "Lease",
       .create_by_put = true,
       .columns = {{"Holder", "string", ".spec.holderIdentity"}, {"Age", "date", kAge}}},
      {.group = "apiextensions.k8s.io",
       .version = "v1",
       .plural = "customresourcedefinitions",
       .singular = "customresourcedefinition",
       .kind = "CustomResourceDefinition",
       .short_names = {"crd", "crds"},
       .categories = {"api-extensions"},
       .namespaced = false,
       .has_status = true,
       .columns = {{"Created At", "string", kAge}}},
  };
}

std::vector<Resource> Table() {
  std::vector<Resource> all;
  for (const auto& some : {RunResources(), CoreResources(), GroupResources()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  for (const json::Value& crd : BuiltInCrds()) all.push_back(Custom(crd));
  return all;
}

const Resource& Must(std::string_view group, std::string_view version, std::string_view plural) {
  const Resource* found = FindResource(group, version, plural);
  CHECK(found, "the table has this resource");
  return *found;
}

}  // namespace

std::string Resource::Qualified() const { return group.empty() ? plural : plural + "." + group; }

std::string Resource::ApiVersion() const { return group.empty() ? version : group + "/" + version; }

const std::vector<json::Value>& BuiltInCrds() {
  static const std::vector<json::Value> kCrds = [] {
    std::vector<json::Value> all;
    for (const EmbeddedFile& file : EmbeddedCrds()) {
      auto crd = json::Parse(file.text);
      CHECK(crd.has_value(), "a CRD that was made into JSON is JSON");
      all.push_back(*std::move(crd));
    }
    return all;
  }();
  return kCrds;
}

const std::vector<Resource>& AllResources() {
  static const std::vector<Resource> kTable = [] {
    std::vector<Resource> table = Table();
    const auto events = [&](std::string_view group) {
      return std::ranges::find_if(table, [&](const Resource& r) { return r.plural == "events" && r.group == group; });
    };
    events("")->stored_as = &*events("events.k8s.io");
    return table;
  }();
  return kTable;
}

const Resource* FindResource(std::string_view group, std::string_view version, std::string_view plural) {
  for (const Resource& resource : AllResources()) {
    if (resource.group == group && resource.version == version && resource.plural == plural) return &resource;
  }
  return nullptr;
}

const Resource* FindKind(std::string_view api_version, std::string_view kind) {
  for (const Resource& resource : AllResources()) {
    if (resource.kind == kind && resource.ApiVersion() == api_version) return &resource;
  }
  return nullptr;
}

const Resource& Pods() {
  static const Resource& found = Must("", "v1", "pods");
  return found;
}
const Resource& Namespaces() {
  static const Resource& found = Must("", "v1", "namespaces");
  return found;
}
const Resource& ConfigMaps() {
  static const Resource& found = Must("", "v1", "configmaps");
  return found;
}
const Resource& Secrets() {
  static const Resource& found = Must("", "v1", "secrets");
  return found;
}
const Resource& Nodes() {
  static const Resource& found = Must("", "v1", "nodes");
  return found;
}
const Resource& Leases() {
  static const Resource& found = Must("coordination.k8s.io", "v1", "leases");
  return found;
}
const Resource& Events() {
  static const Resource& found = Must("events.k8s.io", "v1", "events");
  return found;
}
const Resource& CoreEvents() {
  static const Resource& found = Must("", "v1", "events");
  return found;
}
const Resource& Quotas() {
  static const Resource& found = Must("", "v1", "resourcequotas");
  return found;
}
const Resource& Crds() {
  static const Resource& found = Must("apiextensions.k8s.io", "v1", "customresourcedefinitions");
  return found;
}
const Resource& Workflows() {
  static const Resource& found = Must("coreflow.dev", "v1alpha1", "workflows");
  return found;
}
const Resource& Jobs() {
  static const Resource& found = Must("coreflow.dev", "v1alpha1", "jobs");
  return found;
}
const Resource& Records() {
  static const Resource& found = Must("coreflow.dev", "v1alpha1", "workflowrecords");
  return found;
}
const Resource& Fences() {
  static const Resource& found = Must("coreflow.dev", "v1alpha1", "fences");
  return found;
}

}  // namespace coreflow::apiserver
