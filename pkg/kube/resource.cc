#include "pkg/kube/resource.h"

namespace coreflow::kube {

std::string ApiVersion(const Resource& resource) {
  std::string version(resource.version);
  return resource.group.empty() ? version : std::string(resource.group) + "/" + version;
}

std::string GroupPath(const Resource& resource) {
  return (resource.group.empty() ? "/api/" : "/apis/") + ApiVersion(resource);
}

}  // namespace coreflow::kube
