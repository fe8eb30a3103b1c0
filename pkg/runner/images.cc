#include "pkg/runner/images.h"

#include <filesystem>
#include <system_error>

namespace coreflow::runner {

namespace fs = std::filesystem;

Result<std::vector<UnpackedImage>> ParseImageMap(const std::vector<std::string>& texts) {
  std::vector<UnpackedImage> images;
  for (const std::string& text : texts) {
    const auto refuse = [&](const std::string& why) {
      return Error{.code = Code::kInvalid, .message = "image map \"" + text + "\": " + why};
    };
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) return refuse("it must be IMAGE=FOLDER");
    const std::string image = text.substr(0, equals);
    if (image.find('*') < image.size() - 1) return refuse("a * may only be the last character of IMAGE");
    std::error_code error;
    const fs::path folder = fs::canonical(text.substr(equals + 1), error);
    if (error || !fs::is_directory(folder, error)) return refuse("\"" + text.substr(equals + 1) + "\" is no folder");
    images.push_back({.image = image, .folder = folder});
  }
  return images;
}

std::string FolderOfImage(const std::vector<UnpackedImage>& images, const std::string& image) {
  const UnpackedImage* best = nullptr;
  for (const UnpackedImage& one : images) {
    if (one.image == image) return one.folder;
    const std::string start = one.image.substr(0, one.image.size() - 1);
    if (!one.image.ends_with('*') || !image.starts_with(start)) continue;
    if (!best || one.image.size() > best->image.size()) best = &one;
  }
  return best ? best->folder : "";
}

}  // namespace coreflow::runner
