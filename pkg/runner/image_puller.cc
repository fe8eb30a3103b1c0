#include "pkg/runner/image_puller.h"

#include <utility>

namespace coreflow::runner {

const ToolImage* ImagePuller::Find(const std::string& image) const {
  const auto found = there_.find(image);
  return found == there_.end() ? nullptr : &found->second;
}

void ImagePuller::Ensure(const std::string& image, const std::string& policy, Ready ready) {
  if (!IsImageName(image)) {
    return ready(Obstacle{.reason = "InvalidImageName",
                          .message = "couldn't parse image name \"" + image + "\": invalid reference format"});
  }
  if (policy != "Always" && Find(image) != nullptr) return ready(std::nullopt);
  auto& waiting = waiting_[{image, policy}];
  waiting.push_back(std::move(ready));
  if (waiting.size() > 1) return;
  if (policy == "Always") return Pull(image, policy);
  LookFor(image, policy);
}

// By its name as it is: a tool knows what its user has built by short names too.
void ImagePuller::LookFor(const std::string& image, const std::string& policy) {
  calls_.Call({"image", "inspect", "--", image}, [this, image, policy](const ToolCalls::Answer& answer) {
    if (const auto found = ReadImage(answer.out)) return Found(image, policy, *found);
    if (policy != "Never") return Pull(image, policy);
    Finish(image, policy,
           Obstacle{.reason = "ErrImageNeverPull",
                    .message = "Container image \"" + image + "\" is not present with pull policy of Never"});
  });
}

void ImagePuller::Pull(const std::string& image, const std::string& policy) {
  const std::string name = QualifiedImage(image);
  calls_.Call({"pull", "--quiet", "--", name}, [this, image, policy, name](const ToolCalls::Answer& pulled) {
    if (pulled.exit_code != 0) {
      return Finish(image, policy,
                    Obstacle{.reason = "ErrImagePull",
                             .message = "failed to pull image \"" + image + "\": " + Complaint(pulled.error)});
    }
    calls_.Call({"image", "inspect", "--", name}, [this, image, policy](const ToolCalls::Answer& answer) {
      if (const auto found = ReadImage(answer.out)) return Found(image, policy, *found);
      Finish(image, policy,
             Obstacle{.reason = "ErrImagePull",
                      .message = "image \"" + image + "\" was pulled, but is not there: " + Complaint(answer.error)});
    });
  });
}

void ImagePuller::Found(const std::string& image, const std::string& policy, const ToolImage& found) {
  there_[image] = found;
  Finish(image, policy, std::nullopt);
}

void ImagePuller::Finish(const std::string& image, const std::string& policy, const std::optional<Obstacle>& obstacle) {
  const auto waiting = waiting_.extract({image, policy});
  for (const Ready& ready : waiting.mapped()) ready(obstacle);
}

}  // namespace coreflow::runner
