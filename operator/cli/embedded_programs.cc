#include "operator/cli/embedded_programs.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "pkg/files/descriptor.h"

// COREFLOW_COURIER, COREFLOW_EXEC: the paths of the programs.
#define EMBED(symbol, path)               \
  __asm__(".section .rodata\n" symbol     \
          "_begin:\n"                     \
          ".incbin \"" path "\"\n" symbol \
          "_end:\n"                       \
          ".previous\n")

EMBED("coreflow_courier", COREFLOW_COURIER);
EMBED("coreflow_exec", COREFLOW_EXEC);

extern "C" {
__attribute__((visibility("hidden"))) extern const char coreflow_courier_begin[];
__attribute__((visibility("hidden"))) extern const char coreflow_courier_end[];
__attribute__((visibility("hidden"))) extern const char coreflow_exec_begin[];
__attribute__((visibility("hidden"))) extern const char coreflow_exec_end[];
}

namespace coreflow::cli {

namespace {

namespace fs = std::filesystem;

std::string_view Between(const char* begin, const char* end) { return {begin, static_cast<size_t>(end - begin)}; }

Result<void> Place(const std::string& path, std::string_view program) {
  const std::string part = path + "." + std::to_string(getpid());
  {
    const files::Descriptor file(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0700));
    if (!file) return files::SystemError(part, errno);
    TRY_VOID(files::WriteAll(file, program, part));
    // Whatever the umask.
    if (::fchmod(file.get(), 0755) != 0) return files::SystemError(part, errno);
  }
  if (std::rename(part.c_str(), path.c_str()) != 0) return files::SystemError(path, errno);
  return {};
}

// Where a release has the libraries that the machine may lack, as the courier looks for them.
void LinkLibraries(const std::string& link) {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const fs::path libraries = self.parent_path().parent_path() / "lib" / "coreflow";
  fs::remove(link, error);
  if (fs::is_directory(libraries, error)) fs::create_directory_symlink(libraries, link, error);
}

}  // namespace

Result<std::string> PlaceCourier(const std::string& folder) {
  const std::string courier = folder + "/coreflow-courier";
  LinkLibraries(folder + "/lib");
  TRY_VOID(Place(folder + "/coreflow-exec", Between(coreflow_exec_begin, coreflow_exec_end)));
  TRY_VOID(Place(courier, Between(coreflow_courier_begin, coreflow_courier_end)));
  return courier;
}

}  // namespace coreflow::cli
