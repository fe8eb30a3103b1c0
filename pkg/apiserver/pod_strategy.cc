#include "pkg/apiserver/pod_strategy.h"

#include <cstdint>
#include <set>
#include <string>

#include "pkg/apiserver/object.h"
#include "pkg/apiserver/validation.h"

namespace coreflow::apiserver {

namespace {

void Default(json::Object& members, const char* name, json::Value value) {
  json::Value& member = members[name];
  if (member.IsNull()) member = std::move(value);
}

// No tag, and the tag latest, mean Always.
std::string DefaultPullPolicy(const std::string& image) {
  if (image.find('@') != std::string::npos) return "IfNotPresent";
  const size_t slash = image.rfind('/');
  const size_t colon = image.find(':', slash == std::string::npos ? 0 : slash);
  const std::string tag = colon == std::string::npos ? "latest" : image.substr(colon + 1);
  return tag == "latest" ? "Always" : "IfNotPresent";
}

json::Value DefaultContainers(const json::Value& containers) {
  json::Array defaulted;
  for (const json::Value& container : containers.Elements()) {
    json::Object members = container.Members();
    Default(members, "imagePullPolicy", DefaultPullPolicy(container["image"].StringOr("")));
    Default(members, "resources", json::Object{});
    Default(members, "terminationMessagePath", "/dev/termination-log");
    Default(members, "terminationMessagePolicy", "File");
    defaulted.emplace_back(std::move(members));
  }
  return defaulted;
}

// Guaranteed wants limits of cpu and memory everywhere and requests that are the same (or absent).
std::string QosClass(const json::Value& spec) {
  bool any = false;
  bool guaranteed = true;
  for (const char* list : {"containers", "initContainers"}) {
    for (const json::Value& container : spec[list].Elements()) {
      const json::Value& resources = container["resources"];
      if (!resources["requests"].Members().empty() || !resources["limits"].Members().empty()) any = true;
      for (const char* unit : {"cpu", "memory"}) {
        const json::Value& limit = resources["limits"][unit];
        const json::Value& request = resources["requests"][unit];
        if (limit.IsNull() || (!request.IsNull() && !(request == limit))) guaranteed = false;
      }
    }
  }
  return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
}

void CheckContainers(const json::Value& spec, const char* list, std::set<std::string>& names,
                     std::vector<Cause>& causes) {
  size_t index = 0;
  for (const json::Value& container : spec[list].Elements()) {
    const std::string at = std::string("spec.") + list + "[" + std::to_string(index++) + "]";
    const std::string name = container["name"].StringOr("");
    if (name.empty()) {
      causes.push_back(RequiredField(at + ".name", ""));
    } else if (!IsDnsLabel(name)) {
      causes.push_back(InvalidField(at + ".name", name, "a lowercase RFC 1123 label must be given"));
    } else if (!names.insert(name).second) {
      causes.push_back({"FieldValueDuplicate", at + ".name", "Duplicate value: \"" + name + "\""});
    }
    if (container["image"].StringOr("").empty()) causes.push_back(RequiredField(at + ".image", ""));
  }
}

json::Value WithoutImages(const json::Value& containers) {
  json::Array bare;
  for (const json::Value& container : containers.Elements()) bare.push_back(Unset(container, {"image"}));
  return bare;
}

json::Value Unchangeable(const json::Value& spec) {
  json::Object members = spec.Members();
  members.erase("activeDeadlineSeconds");
  members["containers"] = WithoutImages(spec["containers"]);
  members["initContainers"] = WithoutImages(spec["initContainers"]);
  return members;
}

}  // namespace

json::Value DefaultPod(const json::Value& pod) {
  json::Object spec = pod["spec"].Members();
  spec["containers"] = DefaultContainers(pod["spec"]["containers"]);
  if (!pod["spec"]["initContainers"].Elements().empty()) {
    spec["initContainers"] = DefaultContainers(pod["spec"]["initContainers"]);
  }
  Default(spec, "restartPolicy", "Always");
  Default(spec, "dnsPolicy", "ClusterFirst");
  Default(spec, "schedulerName", "default-scheduler");
  Default(spec, "securityContext", json::Object{});
  Default(spec, "terminationGracePeriodSeconds", 30);
  Default(spec, "enableServiceLinks", true);
  json::Object members = pod.Members();
  members["spec"] = std::move(spec);
  return members;
}

json::Value PreparePod(const json::Value& pod) {
  json::Object members = DefaultPod(pod).Members();
  json::Object spec = members["spec"].Members();
  Default(spec, "serviceAccountName", "default");
  Default(spec, "preemptionPolicy", "PreemptLowerPriority");
  Default(spec, "priority", 0);
  members["status"] = json::Object{{"phase", "Pending"}, {"qosClass", QosClass(pod["spec"])}};
  members["spec"] = std::move(spec);
  return members;
}

std::vector<Cause> CheckPod(const json::Value& pod) {
  std::vector<Cause> causes;
  std::set<std::string> names;
  const json::Value& spec = pod["spec"];
  if (spec["containers"].Elements().empty()) causes.push_back(RequiredField("spec.containers", ""));
  CheckContainers(spec, "containers", names, causes);
  CheckContainers(spec, "initContainers", names, causes);
  const std::string policy = spec["restartPolicy"].StringOr("Always");
  if (policy != "Always" && policy != "OnFailure" && policy != "Never") {
    causes.push_back({"FieldValueNotSupported", "spec.restartPolicy",
                      "Unsupported value: \"" + policy + "\": supported values: \"Always\", \"OnFailure\", \"Never\""});
  }
  if (const json::Value& deadline = spec["activeDeadlineSeconds"];
      deadline.IsInt() && (deadline.AsInt() < 1 || deadline.AsInt() > INT32_MAX)) {
    causes.push_back(
        {"FieldValueInvalid", "spec.activeDeadlineSeconds",
         "Invalid value: " + std::to_string(deadline.AsInt()) + ": must be between 1 and 2147483647, inclusive"});
  }
  return causes;
}

std::vector<Cause> CheckPodUpdate(const json::Value& pod, const json::Value& old) {
  std::vector<Cause> causes;
  if (!(pod["status"]["qosClass"] == old["status"]["qosClass"])) {
    causes.push_back(InvalidField("status.qosClass", pod["status"]["qosClass"].StringOr(""), "field is immutable"));
  }
  const json::Value& spec = pod["spec"];
  const json::Value& before = old["spec"];
  if (spec == before) return causes;
  const int64_t deadline = spec["activeDeadlineSeconds"].IntOr(-1);
  const int64_t deadline_before = before["activeDeadlineSeconds"].IntOr(-1);
  if (deadline_before >= 0 && (deadline < 0 || deadline > deadline_before)) {
    causes.push_back({"FieldValueInvalid", "spec.activeDeadlineSeconds",
                      deadline < 0 ? "Invalid value: null: must not update from a positive integer to nil value"
                                   : "Invalid value: " + std::to_string(deadline) +
                                         ": must be less than or equal to previous value"});
  }
  if (!(Unchangeable(spec) == Unchangeable(before))) {
    causes.push_back(ForbiddenField("spec",
                                    "pod updates may not change fields other than `spec.containers[*].image`,"
                                    "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` "
                                    "(only additions to existing tolerations),`spec.terminationGracePeriodSeconds` "
                                    "(allow it to be set to 1 if it was previously negative)"));
  }
  return causes;
}

json::Value PreparePodStatus(const json::Value& pod, const json::Value& old) {
  json::Object prepared = pod.Members();
  prepared["spec"] = old["spec"];
  const json::Value& owners = old["metadata"]["ownerReferences"];
  if (!(pod["metadata"]["ownerReferences"] == owners)) {
    prepared["metadata"] = owners.IsNull() ? Unset(pod["metadata"], {"ownerReferences"})
                                           : Set(pod["metadata"], {"ownerReferences"}, owners);
  }
  if (pod["status"]["qosClass"].IsNull()) {
    prepared["status"] = Set(pod["status"], {"qosClass"}, old["status"]["qosClass"]);
  }
  return prepared;
}

}  // namespace coreflow::apiserver
