// libFuzzer's target: whatever the archive, nothing outside of the folder changes, and the limits hold.
#include <stdlib.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "pkg/archive/extractor.h"
#include "pkg/archive/header.h"
#include "pkg/base/check.h"

namespace {

namespace fs = std::filesystem;
using coreflow::archive::kBlock;

constexpr coreflow::archive::ExtractLimits kLimits{.entries = 20, .bytes = 100'000};

// Random bytes seldom have the right checksum, so each block that begins like a header gets it.
std::string WithChecksums(std::string_view data) {
  std::string archive(data);
  for (size_t at = 0; at + kBlock <= archive.size(); at += kBlock) {
    if (archive.compare(at + 257, 5, "ustar") != 0) continue;
    archive.replace(at + 148, 8, "        ");
    unsigned sum = 0;
    for (size_t i = 0; i < kBlock; ++i) sum += static_cast<unsigned char>(archive[at + i]);
    for (size_t digit = 0; digit < 6; ++digit)
      archive[at + 153 - digit] = static_cast<char>('0' + (sum >> (3 * digit) & 7));
    archive[at + 154] = '\0';
  }
  return archive;
}

void CheckTree(const fs::path& root) {
  uint64_t entries = 0;
  uint64_t bytes = 0;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    ++entries;
    if (entry.is_symlink()) {
      // Where it leads, through all other links, lies inside, if it is anywhere.
      const auto led = fs::weakly_canonical(entry.path()).string();
      CHECK(led == root.string() || led.starts_with(root.string() + "/"), "no link leads out");
    } else {
      CHECK(entry.is_regular_file() || entry.is_directory(), "there are files, folders and links only");
      if (entry.is_regular_file()) bytes += entry.file_size();
    }
  }
  CHECK(entries <= kLimits.entries && bytes <= kLimits.bytes, "the limits hold");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::string home = [] {
    std::string path = (fs::temp_directory_path() / "extractor-fuzz-XXXXXX").string();
    CHECK(mkdtemp(path.data()) != nullptr, "there is room for a folder");
    return fs::canonical(path).string();
  }();
  const fs::path out = home + "/out";
  fs::create_directory(out);
  const std::string archive = WithChecksums({reinterpret_cast<const char*>(data), size});
  auto extractor = coreflow::archive::Extractor::Into(out, kLimits);
  CHECK(extractor.has_value(), "the folder is empty");
  const size_t half = archive.size() / 2;
  auto result = extractor->Add(std::string_view(archive).substr(0, half));
  if (result) result = extractor->Add(std::string_view(archive).substr(half));
  if (result) result = extractor->Finish();
  CheckTree(out);
  fs::remove_all(out);
  CHECK(fs::is_empty(home), "nothing stands beside the folder");
  return 0;
}
