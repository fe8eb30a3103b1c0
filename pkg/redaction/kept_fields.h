#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace coreflow::redaction {

// What an object is, as far as it matters for what is kept of it.
enum class Subject {
  kWorkflow,  // or Job
  kRecord,    // WorkflowRecord
  kStepPod,
  kOperatorPod,
  kDeployment,
  kConfigMap,
  kEvent,  // of events.k8s.io
  kLease,  // or Fence
  kCrd,
};

enum class Keep {
  kValue,       // as it is: names, numbers, words of closed lists
  kText,        // written for people: without credentials and known values
  kExpression,  // CEL: without texts
  kLabel,       // as it is under the keys of CoreFlow, Helm and Kubernetes' recommended labels, else left out
  kAll,         // as it is, with all below
  kSecret,      // left out, and looked for in texts
  kNothing,     // left out, though no secret
};

// What is kept of a value. Arrays are passed over: the same holds for their elements.
struct KeptFields {
  std::optional<Keep> keep = {};                                // of a value that is no object
  std::map<std::string, KeptFields, std::less<>> members = {};  // by name; "*" is any other
};

struct SubjectFields {
  KeptFields root = {};
  Keep others = Keep::kSecret;  // kSecret or kNothing: what becomes of fields that are not named
};

// Thread-safe; the answer lives as long as the program.
const SubjectFields& KeptFieldsOf(Subject subject);

}  // namespace coreflow::redaction
