#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "pkg/runner/container_runtime.h"
#include "pkg/runner/container_tool.h"
#include "pkg/runner/tool_calls.h"

namespace coreflow::runner {

// The images of a machine's podman or docker, and how those come that are not there yet. On the loop's thread of
// `calls`, which outlives it.
class ImagePuller {
 public:
  using Ready = std::function<void(const std::optional<Obstacle>& obstacle)>;

  explicit ImagePuller(ToolCalls& calls) : calls_(calls) {}

  // Sees to it that the image is there, as a kubelet does by imagePullPolicy; what is wanted several times at once is
  // pulled once. Calls `ready` once, at once or later.
  void Ensure(const std::string& image, const std::string& policy, Ready ready);

  // Null: it was not seen to.
  const ToolImage* Find(const std::string& image) const;
  // It has turned out not to be there any more.
  void Forget(const std::string& image) { there_.erase(image); }

 private:
  void LookFor(const std::string& image, const std::string& policy);
  void Pull(const std::string& image, const std::string& policy);
  void Found(const std::string& image, const std::string& policy, const ToolImage& found);
  void Finish(const std::string& image, const std::string& policy, const std::optional<Obstacle>& obstacle);

  ToolCalls& calls_;
  std::map<std::string, ToolImage> there_;                                     // by image
  std::map<std::pair<std::string, std::string>, std::vector<Ready>> waiting_;  // by image and policy
};

}  // namespace coreflow::runner
