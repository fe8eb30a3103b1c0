#include "pkg/apiserver/discovery.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "pkg/apiserver/resource.h"
#include "pkg/apiserver/responses.h"
#include "pkg/apiserver/route.h"
#include "pkg/base/build_info.h"
#include "pkg/json/write.h"

namespace coreflow::apiserver {

namespace {

using json::Array;
using json::Object;
using json::Value;

using GroupVersion = std::pair<std::string, std::string>;

constexpr char kAggregated[] = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

Array Strings(const std::vector<std::string>& all) { return {all.begin(), all.end()}; }

Array Verbs() { return Strings({"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"}); }

// In the order of the table, the core group first.
std::vector<GroupVersion> GroupVersions() {
  std::vector<GroupVersion> all;
  for (const Resource& resource : AllResources()) {
    const GroupVersion one{resource.group, resource.version};
    if (std::ranges::find(all, one) == all.end()) all.push_back(one);
  }
  return all;
}

std::string Join(const GroupVersion& one) { return one.first.empty() ? one.second : one.first + "/" + one.second; }

Value GroupOf(const GroupVersion& one) {
  const Object version{{"groupVersion", Join(one)}, {"version", one.second}};
  return Object{{"name", one.first}, {"versions", Array{version}}, {"preferredVersion", version}};
}

Value Groups() {
  Array groups;
  for (const GroupVersion& one : GroupVersions()) {
    if (!one.first.empty()) groups.push_back(GroupOf(one));
  }
  return Object{{"kind", "APIGroupList"}, {"apiVersion", "v1"}, {"groups", std::move(groups)}};
}

Object Subresource(const Resource& resource, const std::string& name, Array verbs) {
  return {{"name", resource.plural + "/" + name},
          {"singularName", ""},
          {"namespaced", resource.namespaced},
          {"kind", resource.kind},
          {"verbs", std::move(verbs)}};
}

Value Resources(const GroupVersion& of) {
  Array resources;
  for (const Resource& resource : AllResources()) {
    if (GroupVersion(resource.group, resource.version) != of) continue;
    Object one{{"name", resource.plural},
               {"singularName", resource.singular},
               {"namespaced", resource.namespaced},
               {"kind", resource.kind},
               {"verbs", Verbs()}};
    if (!resource.short_names.empty()) one["shortNames"] = Strings(resource.short_names);
    if (!resource.categories.empty()) one["categories"] = Strings(resource.categories);
    resources.push_back(std::move(one));
    if (resource.has_status) resources.push_back(Subresource(resource, "status", Strings({"get", "patch", "update"})));
    if (&resource == &Pods()) resources.push_back(Subresource(resource, "log", Strings({"get"})));
  }
  return Object{{"kind", "APIResourceList"},
                {"apiVersion", "v1"},
                {"groupVersion", Join(of)},
                {"resources", std::move(resources)}};
}

// The same in the form that kubectl asks for first: one answer for all.
Value Aggregated(bool core) {
  Array groups;
  for (const GroupVersion& one : GroupVersions()) {
    if (one.first.empty() != core) continue;
    Array resources;
    for (const Resource& resource : AllResources()) {
      if (GroupVersion(resource.group, resource.version) != one) continue;
      const Object kind{{"group", resource.group}, {"version", resource.version}, {"kind", resource.kind}};
      Object entry{{"resource", resource.plural},
                   {"responseKind", kind},
                   {"scope", resource.namespaced ? "Namespaced" : "Cluster"},
                   {"singularResource", resource.singular},
                   {"verbs", Verbs()}};
      if (!resource.short_names.empty()) entry["shortNames"] = Strings(resource.short_names);
      if (!resource.categories.empty()) entry["categories"] = Strings(resource.categories);
      if (resource.has_status) {
        entry["subresources"] = Array{
            Object{{"subresource", "status"}, {"responseKind", kind}, {"verbs", Strings({"get", "patch", "update"})}}};
      }
      resources.push_back(std::move(entry));
    }
    groups.push_back(Object{
        {"metadata", one.first.empty() ? Object{{"creationTimestamp", nullptr}}
                                       : Object{{"name", one.first}, {"creationTimestamp", nullptr}}},
        {"versions",
         Array{Object{{"version", one.second}, {"resources", std::move(resources)}, {"freshness", "Current"}}}}});
  }
  return Object{{"kind", "APIGroupDiscoveryList"},
                {"apiVersion", "apidiscovery.k8s.io/v2"},
                {"metadata", Object{}},
                {"items", std::move(groups)}};
}

Value ServerVersion() {
  const std::string version = std::string("v1.34.0+coreflow.") + coreflow::Version();
  return Object{{"major", "1"}, {"minor", "34"}, {"gitVersion", version}, {"platform", "linux/amd64"}};
}

http::Response Roots(const http::Request& request, bool core) {
  if (HeaderOf(request, "Accept").find("as=APIGroupDiscoveryList") != std::string::npos &&
      HeaderOf(request, "Accept").find("v=v2;") != std::string::npos) {
    http::Response response = JsonResponse(200, json::Write(Aggregated(core)));
    response.headers["content-type"] = kAggregated;
    return response;
  }
  if (!core) return JsonResponse(200, json::Write(Groups()));
  return JsonResponse(200, json::Write(Object{{"kind", "APIVersions"}, {"versions", Array{"v1"}}}));
}

}  // namespace

std::optional<http::Response> Discover(const http::Request& request) {
  if (request.method != "GET") return std::nullopt;
  std::string path = request.target.substr(0, request.target.find('?'));
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (path == "/version") return JsonResponse(200, json::Write(ServerVersion()));
  if (path == "/healthz" || path == "/livez" || path == "/readyz") return PlainResponse(200, "ok");
  if (path == "/api" || path == "/apis") return Roots(request, path == "/api");
  for (const GroupVersion& one : GroupVersions()) {
    const std::string root = one.first.empty() ? "/api/" : "/apis/";
    if (path == root + Join(one)) return JsonResponse(200, json::Write(Resources(one)));
    if (!one.first.empty() && path == root + one.first) {
      Object group = GroupOf(one).Members();
      group["kind"] = "APIGroup";
      group["apiVersion"] = "v1";
      return JsonResponse(200, json::Write(group));
    }
  }
  return std::nullopt;
}

}  // namespace coreflow::apiserver
