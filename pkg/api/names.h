#pragma once

#include <string>
#include <string_view>

// What the names of things may look like.
namespace coreflow::api {

// The one step of a Job, in graph, records and COREFLOW_STEP.
inline constexpr const char* kJobStepName = "job";

// The container that runs the step, in every pod of CoreFlow.
inline constexpr const char* kStepContainerName = "main";

// Steps: ^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$.
bool IsStepName(std::string_view name);
// Parameters, arguments and outputs: ^[a-z][a-zA-Z0-9_]{0,62}$.
bool IsParameterName(std::string_view name);
// Objects: a DNS subdomain (RFC 1123) of at most 63 characters.
bool IsObjectName(std::string_view name);
// Most other objects of Kubernetes: RFC 1123 labels joined by dots, at most 253 characters.
bool IsDnsSubdomain(std::string_view name);
// A part between dots of an object's name, as volumes and containers have it: RFC 1123 label, at most 63 characters.
bool IsDnsLabel(std::string_view name);
// Variables: letters, digits, '_', '-' and '.', not starting with a digit; as Kubernetes has it.
bool IsEnvName(std::string_view name);
// Keys of labels and annotations: an optional DNS subdomain and '/', then at most 63 letters, digits, '-', '_', '.'.
bool IsLabelKey(std::string_view key);
// At most 63 letters, digits, '-', '_' and '.', letters or digits at both ends; or empty.
bool IsLabelValue(std::string_view value);
// Container images: [REGISTRY[:PORT]/]PATH[:TAG][@ALGORITHM:DIGEST], as the reference grammar of OCI registries has it.
bool IsImageReference(std::string_view image);
// Quantities of resources such as 500m, 1.5Gi, 1e3; zero or more, without a sign.
bool IsQuantity(std::string_view text);

// A name in upper case (ASCII), as it stands in PARAM_<NAME>.
std::string UpperCase(std::string_view name);

}  // namespace coreflow::api
