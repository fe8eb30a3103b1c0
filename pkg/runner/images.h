#pragma once

#include <string>
#include <vector>

#include "pkg/base/result.h"

namespace coreflow::runner {

// What containers of an image run in: a folder with its files, where there is one.
struct UnpackedImage {
  std::string image = {};   // as containers name it; with a * at its end all that begin so
  std::string folder = {};  // absolute, there

  bool operator==(const UnpackedImage&) const = default;
};

// Each text is "IMAGE=FOLDER". kInvalid, with what and why, also for a folder that is not there.
Result<std::vector<UnpackedImage>> ParseImageMap(const std::vector<std::string>& texts);

// The folder of an image, empty when it has none: an exact name wins over any *, a longer one over a shorter.
std::string FolderOfImage(const std::vector<UnpackedImage>& images, const std::string& image);

}  // namespace coreflow::runner
