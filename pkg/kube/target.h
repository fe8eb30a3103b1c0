#pragma once

#include <string>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/kube/object_key.h"
#include "pkg/kube/resource.h"

namespace coreflow::kube {

// RFC 3986: everything but letters, digits and "-._~" as %XX.
std::string PercentEncode(std::string_view text);

// Builds the path and query of one request. Names that could leave their place in the path are refused.
class Target {
 public:
  // The resource in one namespace; an empty one is every namespace (or none, when the resource has none).
  static Result<Target> Collection(const Resource& resource, std::string_view ns);
  // One object, or a subresource of it.
  static Result<Target> Object(const Resource& resource, const ObjectKey& key, std::string_view subresource = {});

  // Adds "name=value" to the query unless the value is empty.
  Target& Query(std::string_view name, std::string_view value);

  std::string text() const { return text_; }

 private:
  explicit Target(std::string text) : text_(std::move(text)) {}

  std::string text_;
  char separator_ = '?';
};

}  // namespace coreflow::kube
