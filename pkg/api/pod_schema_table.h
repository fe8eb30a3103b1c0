#pragma once

#include <span>
#include <string_view>

// The fields of Kubernetes' types that a pod is made of, as pod_schema.gen.cc has them.
namespace coreflow::api {

struct PodField {
  enum class Many { kOne, kList, kMap };
  enum class Kind { kString, kBoolean, kInteger, kNumber, kQuantity, kIntOrString, kAnyObject, kType };

  std::string_view name = {};
  Many many = Many::kOne;
  Kind kind = Kind::kString;
  int type = -1;  // of kType: index into PodTypes()
  bool required = false;
};

struct PodType {
  std::string_view name = {};
  std::span<const PodField> fields = {};  // by name
};

// By name.
std::span<const PodType> PodTypes();

}  // namespace coreflow::api
