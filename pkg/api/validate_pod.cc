#include <fmt/format.h>

#include <set>

#include "pkg/api/names.h"
#include "pkg/api/pod_schema.h"
#include "pkg/api/validate_parts.h"

namespace coreflow::api {

namespace {

using json::Binder;
using json::Value;

// coreflow.dev/… and everything.coreflow.dev/…: what CoreFlow decides by.
bool IsReserved(std::string_view key) {
  constexpr std::string_view kOwn = "coreflow.dev";
  std::string_view prefix = key.substr(0, key.find('/'));
  if (prefix.size() == key.size() || prefix.size() < kOwn.size()) return false;
  if (prefix.substr(prefix.size() - kOwn.size()) != kOwn) return false;
  return prefix.size() == kOwn.size() || prefix[prefix.size() - kOwn.size() - 1] == '.';
}

enum class Values { kLabels, kAny };

void CheckMap(const std::map<std::string, std::string>& map, const char* name, Values values, bool ours,
              Binder& binder) {
  Binder::Scope scope(binder, name);
  for (const auto& [key, value] : map) {
    Binder::Scope member(binder, key);
    if (!IsLabelKey(key)) binder.Report("the key must be letters, digits, '-', '_' and '.', after an optional PREFIX/");
    if (ours && IsReserved(key)) binder.Report("coreflow.dev/… is CoreFlow's own: use another prefix");
    if (values == Values::kLabels && !HasExpression(value) && !IsLabelValue(value)) {
      binder.Report(
          "the value must be at most 63 letters, digits, '-', '_' and '.', with letters or digits at both ends");
    }
  }
}

void CheckName(const std::optional<std::string>& value, const char* name, Binder& binder) {
  Binder::Scope scope(binder, name);
  if (value && !HasExpression(*value) && !IsDnsSubdomain(*value)) {
    binder.Report("must be the name of an object: lower-case letters, digits, '-' and '.'");
  }
}

// Names of containers or volumes: of the right form, and none twice in the pod.
void CheckUnique(const Value& list, std::set<std::string_view>& names, Binder& binder) {
  for (size_t i = 0; i < list.Elements().size(); ++i) {
    const Value& name = list.Elements()[i]["name"];
    if (!name.IsString()) continue;
    Binder::Scope element(binder, i);
    Binder::Scope scope(binder, "name");
    if (!IsDnsLabel(name.AsString())) {
      binder.Report("must be at most 63 lower-case letters, digits and '-'");
    } else if (!names.insert(name.AsString()).second) {
      binder.Report(fmt::format("the name {} is taken in this pod", name.AsString()));
    }
  }
}

void CheckVolumes(const Value& volumes, Binder& binder) {
  Binder::Scope scope(binder, "volumes");
  CheckPodList("Volume", volumes, binder);
  std::set<std::string_view> names;
  CheckUnique(volumes, names, binder);
  for (size_t i = 0; i < volumes.Elements().size(); ++i) {
    size_t sources = 0;
    for (const auto& [name, source] : volumes.Elements()[i].Members())
      sources += name != "name" && !source.IsNull() ? 1 : 0;
    Binder::Scope element(binder, i);
    if (sources > 1) binder.Report(fmt::format("a volume has one source, this one has {}", sources));
  }
}

void CheckContainers(const PodOptions& pod, Binder& binder) {
  std::set<std::string_view> names = {kStepContainerName};
  {
    Binder::Scope scope(binder, "initContainers");
    CheckPodList("Container", pod.init_containers, binder);
    CheckUnique(pod.init_containers, names, binder);
  }
  Binder::Scope scope(binder, "sidecars");
  CheckPodList("Container", pod.sidecars, binder);
  CheckUnique(pod.sidecars, names, binder);
  for (size_t i = 0; i < pod.sidecars.Elements().size(); ++i) {
    const Value& policy = pod.sidecars.Elements()[i]["restartPolicy"];
    Binder::Scope element(binder, i);
    Binder::Scope member(binder, "restartPolicy");
    if (!policy.IsNull() && policy.StringOr("") != "Always") binder.Report("is Always for a sidecar; leave it out");
  }
}

// What CoreFlow's promises rest on cannot be overridden.
void CheckOverrides(const Value& overrides, Binder& binder) {
  Binder::Scope scope(binder, "overrides");
  CheckPodValue("PodSpec", overrides, binder, PodPart::kOverlay);
  for (const char* name : {"restartPolicy", "activeDeadlineSeconds", "ephemeralContainers"}) {
    Binder::Scope member(binder, name);
    if (!overrides[name].IsNull()) binder.Report("is set by CoreFlow and cannot be overridden");
  }
  const Value& containers = overrides["containers"];
  for (size_t i = 0; i < containers.Elements().size(); ++i) {
    Binder::Scope list(binder, "containers");
    Binder::Scope element(binder, i);
    for (const char* name : {"terminationMessagePath", "terminationMessagePolicy", "restartPolicy"}) {
      Binder::Scope member(binder, name);
      if (!containers.Elements()[i][name].IsNull()) binder.Report("is set by CoreFlow and cannot be overridden");
    }
  }
}

void CheckList(const char* name, std::string_view type, const Value& list, Binder& binder) {
  Binder::Scope scope(binder, name);
  CheckPodList(type, list, binder);
}

void CheckValue(const char* name, std::string_view type, const Value& value, Binder& binder) {
  Binder::Scope scope(binder, name);
  CheckPodValue(type, value, binder);
}

}  // namespace

void CheckPod(const PodOptions& pod, Binder& binder) {
  CheckMap(pod.labels, "labels", Values::kLabels, true, binder);
  CheckMap(pod.annotations, "annotations", Values::kAny, true, binder);
  CheckMap(pod.node_selector, "nodeSelector", Values::kLabels, false, binder);
  CheckName(pod.service_account_name, "serviceAccountName", binder);
  CheckName(pod.priority_class_name, "priorityClassName", binder);
  CheckName(pod.runtime_class_name, "runtimeClassName", binder);
  CheckList("tolerations", "Toleration", pod.tolerations, binder);
  CheckValue("affinity", "Affinity", pod.affinity, binder);
  CheckList("topologySpreadConstraints", "TopologySpreadConstraint", pod.topology_spread_constraints, binder);
  CheckVolumes(pod.volumes, binder);
  CheckValue("securityContext", "PodSecurityContext", pod.security_context, binder);
  CheckList("imagePullSecrets", "LocalObjectReference", pod.image_pull_secrets, binder);
  CheckContainers(pod, binder);
  CheckOverrides(pod.overrides, binder);
}

void AppendVolumeNames(const PodOptions& pod, std::vector<std::string_view>& names) {
  for (const Value* list : {&pod.volumes, &pod.overrides["volumes"]}) {
    for (const Value& volume : list->Elements()) {
      if (const Value& name = volume["name"]; name.IsString()) names.push_back(name.AsString());
    }
  }
}

}  // namespace coreflow::api
