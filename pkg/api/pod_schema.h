#pragma once

#include <string_view>

#include "pkg/json/binder.h"
#include "pkg/json/value.h"

// Checks the parts of a step that are Kubernetes' own types, which the CRD leaves open: unknown fields, wrong types
// and missing required fields, against Kubernetes 1.34. A field that only a newer Kubernetes knows is refused.
namespace coreflow::api {

// How strictly `required` is taken.
enum class PodPart {
  kWhole,    // the value becomes part of the pod as it is
  kOverlay,  // it is merged over a pod: what is required may stand there already. Elements of lists keep their name
};

// Reports what is wrong with `value` as one `type` ("Affinity", "Volume", …). Null counts as absent. Strings that hold
// $[[ an expression ]] pass as strings, quantities and IntOrString.
// REQUIRES: `type` is a Kubernetes type that a pod is made of.
void CheckPodValue(std::string_view type, const json::Value& value, json::Binder& binder,
                   PodPart part = PodPart::kWhole);

// The same for a list of them.
void CheckPodList(std::string_view type, const json::Value& value, json::Binder& binder);

}  // namespace coreflow::api
