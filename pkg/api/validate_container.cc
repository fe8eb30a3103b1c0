#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "pkg/api/names.h"
#include "pkg/api/pod_schema.h"
#include "pkg/api/validate_parts.h"
#include "pkg/json/write.h"

namespace coreflow::api {

namespace {

using json::Binder;
using json::Value;

void CheckImage(const std::string& image, Binder& binder) {
  if (HasExpression(image) || image.empty()) return;  // emptiness is reported by the schema's rule
  Binder::Scope scope(binder, "image");
  if (!IsImageReference(image)) {
    binder.Report(fmt::format("{} is no image reference such as registry.example/name:tag or name@sha256:…",
                              json::Quote(image.substr(0, 256))));
  }
}

// Variables that CoreFlow itself puts into every container.
bool IsReserved(std::string_view name) {
  return name == "ITEM" || name.substr(0, 9) == "COREFLOW_" || name.substr(0, 6) == "PARAM_";
}

// An object of which Kubernetes wants exactly one of several members.
void CheckOneSource(const Value& value, std::initializer_list<std::string_view> beside, std::string_view what,
                    Binder& binder) {
  size_t sources = 0;
  for (const auto& [name, member] : value.Members()) {
    sources += !member.IsNull() && std::find(beside.begin(), beside.end(), name) == beside.end() ? 1 : 0;
  }
  if (sources != 1) binder.Report(fmt::format("needs exactly one {}, has {}", what, sources));
}

void CheckVariable(const EnvVar& variable, Binder& binder) {
  if (variable.value) {
    Binder::Scope scope(binder, "value");
    CheckText(*variable.value, binder);
  }
  if (variable.value_from.IsNull()) return;
  Binder::Scope scope(binder, "valueFrom");
  if (variable.value && !variable.value->empty()) binder.Report("not together with value: use one of the two");
  CheckPodValue("EnvVarSource", variable.value_from, binder);
  if (variable.value_from.IsObject()) CheckOneSource(variable.value_from, {}, "source", binder);
}

void CheckEnv(const std::vector<EnvVar>& env, Binder& binder) {
  Binder::Scope scope(binder, "env");
  std::set<std::string_view> seen;
  for (size_t i = 0; i < env.size(); ++i) {
    Binder::Scope element(binder, i);
    CheckVariable(env[i], binder);
    Binder::Scope name(binder, "name");
    if (!IsEnvName(env[i].name)) {
      binder.Report("must be letters, digits, '_', '-' and '.', and not start with a digit");
    } else if (IsReserved(env[i].name)) {
      binder.Report("COREFLOW_…, PARAM_… and ITEM are set by CoreFlow: use another name");
    } else if (!seen.insert(env[i].name).second) {
      binder.Report(fmt::format("there is another variable with the name {}", env[i].name));
    }
  }
}

void CheckRetryPolicy(const RetryPolicy& retry, Binder& binder) {
  Binder::Scope scope(binder, "retryPolicy");
  Binder::Scope list(binder, "retryOn");
  std::set<RetryOn> seen;
  for (size_t i = 0; i < retry.retry_on.size(); ++i) {
    Binder::Scope element(binder, i);
    if (!seen.insert(retry.retry_on[i]).second) {
      binder.Report(fmt::format("{} stands there twice", json::EnumName(retry.retry_on[i])));
    }
  }
}

}  // namespace

bool HasExpression(std::string_view text) { return text.find("$[[") != std::string_view::npos; }

void CheckText(const std::string& text, Binder& binder) {
  if (text.find('\0') != std::string::npos) binder.Report("must not have a zero byte, which would end it early");
}

void CheckInheritable(const Inheritable& parts, Binder& binder) {
  if (parts.image) CheckImage(*parts.image, binder);
  CheckEnv(parts.env, binder);
  if (parts.retry_policy) CheckRetryPolicy(*parts.retry_policy, binder);
  {
    Binder::Scope scope(binder, "resources");
    CheckPodValue("ResourceRequirements", parts.resources, binder);
  }
  if (!parts.pod) return;
  Binder::Scope scope(binder, "pod");
  CheckPod(*parts.pod, binder);
}

void CheckEnvFrom(const Value& env_from, Binder& binder) {
  CheckPodList("EnvFromSource", env_from, binder);
  for (size_t i = 0; i < env_from.Elements().size(); ++i) {
    if (!env_from.Elements()[i].IsObject()) continue;
    Binder::Scope element(binder, i);
    CheckOneSource(env_from.Elements()[i], {"prefix"}, "of configMapRef and secretRef", binder);
  }
}

void CheckVolumeMounts(const Value& mounts, const std::vector<std::string_view>& volumes, Binder& binder) {
  CheckPodList("VolumeMount", mounts, binder);
  std::set<std::string_view> paths;
  for (size_t i = 0; i < mounts.Elements().size(); ++i) {
    const Value& mount = mounts.Elements()[i];
    Binder::Scope element(binder, i);
    if (const Value& name = mount["name"]; name.IsString() && !HasExpression(name.AsString())) {
      Binder::Scope scope(binder, "name");
      if (std::find(volumes.begin(), volumes.end(), name.AsString()) == volumes.end()) {
        binder.Report(fmt::format("there is no volume {} in pod.volumes{}", name.AsString(),
                                  binder.Suggest(name.AsString(), volumes)));
      }
    }
    if (const Value& path = mount["mountPath"]; path.IsString()) {
      Binder::Scope scope(binder, "mountPath");
      if (path.AsString().empty() || path.AsString().find(':') != std::string::npos) {
        binder.Report("must be a path without a colon");
      } else if (!paths.insert(path.AsString()).second) {
        binder.Report(fmt::format("something else is mounted at {}", path.AsString()));
      }
    }
  }
}

}  // namespace coreflow::api
