#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pkg/base/result.h"
#include "pkg/json/value.h"

namespace coreflow::runner {

// The ConfigMap or Secret ("configmaps", "secrets") of that name in the pod's namespace; null when there is none.
using Lookup = std::function<json::Value(std::string_view resource, const std::string& name)>;

// A container's variables, by name.
using Variables = std::map<std::string, std::string>;

// What env and envFrom of a container come to, as the kubelet makes them: later ones win, $(NAME) is replaced by what
// was defined before. kNotFound, in the kubelet's words, when a ConfigMap, a Secret or a key is missing that is not
// optional; kInvalid for a field that can't be shown.
Result<Variables> VariablesOf(const json::Value& pod, const json::Value& container, const Lookup& lookup);

// $(NAME) replaced; $$ is a $; a name that is not known stays as it is (k8s.io/kubernetes/third_party/forked/golang/
// expansion).
std::string Expand(std::string_view text, const Variables& variables);

// What a Secret or a ConfigMap holds under each key, decoded.
std::map<std::string, std::string> DataOf(const json::Value& object);

}  // namespace coreflow::runner
