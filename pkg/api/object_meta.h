#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "pkg/base/time.h"
#include "pkg/json/bind.h"

namespace coreflow::api {

// The object that another one belongs to, and is deleted with: Kubernetes' OwnerReference.
struct OwnerReference {
  std::string api_version;
  std::string kind;
  std::string name;
  std::string uid;
  std::optional<bool> controller;
  std::optional<bool> block_owner_deletion;

  bool operator==(const OwnerReference&) const = default;
  static constexpr auto Fields() {
    return std::make_tuple(json::Field("apiVersion", &OwnerReference::api_version, {.required = true}),
                           json::Field("kind", &OwnerReference::kind, {.required = true}),
                           json::Field("name", &OwnerReference::name, {.required = true}),
                           json::Field("uid", &OwnerReference::uid, {.required = true}),
                           json::Field("controller", &OwnerReference::controller),
                           json::Field("blockOwnerDeletion", &OwnerReference::block_owner_deletion));
  }
};

// The fields of Kubernetes' ObjectMeta that CoreFlow reads or writes; managedFields and the like are not kept.
struct ObjectMeta {
  std::string name;
  std::string generate_name;
  std::string namespace_;
  std::string uid;
  std::string resource_version;  // see pkg/base/resource_version.h for their order
  int64_t generation = 0;
  std::optional<Time> creation_timestamp;
  std::optional<Time> deletion_timestamp;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;
  std::vector<std::string> finalizers;
  std::vector<OwnerReference> owner_references;

  bool operator==(const ObjectMeta&) const = default;
  static constexpr auto Fields() {
    constexpr json::FieldRules kOmit = {.omit_default = true};
    return std::make_tuple(
        json::Field("name", &ObjectMeta::name, kOmit), json::Field("generateName", &ObjectMeta::generate_name, kOmit),
        json::Field("namespace", &ObjectMeta::namespace_, kOmit), json::Field("uid", &ObjectMeta::uid, kOmit),
        json::Field("resourceVersion", &ObjectMeta::resource_version, kOmit),
        json::Field("generation", &ObjectMeta::generation, kOmit),
        json::Field("creationTimestamp", &ObjectMeta::creation_timestamp),
        json::Field("deletionTimestamp", &ObjectMeta::deletion_timestamp), json::Field("labels", &ObjectMeta::labels),
        json::Field("annotations", &ObjectMeta::annotations), json::Field("finalizers", &ObjectMeta::finalizers),
        json::Field("ownerReferences", &ObjectMeta::owner_references));
  }
};

}  // namespace coreflow::api
