#include "operator/cli/embedded_exec.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

// COREFLOW_EXEC: the path of the program.
__asm__(
    ".section .rodata\n"
    "coreflow_exec_begin:\n"
    ".incbin \"" COREFLOW_EXEC
    "\"\n"
    "coreflow_exec_end:\n"
    ".previous\n");
extern "C" __attribute__((visibility("hidden"))) const char coreflow_exec_begin[];
extern "C" __attribute__((visibility("hidden"))) const char coreflow_exec_end[];

namespace coreflow::cli {

Result<std::string> EmbeddedExec() {
  std::string_view rest(coreflow_exec_begin, static_cast<size_t>(coreflow_exec_end - coreflow_exec_begin));
  const int file = memfd_create("coreflow-exec", MFD_CLOEXEC);
  while (file >= 0 && !rest.empty()) {
    const ssize_t written = write(file, rest.data(), rest.size());
    if (written <= 0) break;
    rest.remove_prefix(static_cast<size_t>(written));
  }
  if (file < 0 || !rest.empty()) {
    return Error{.code = Code::kInternal,
                 .message = fmt::format("no memory for coreflow-exec: {}", std::strerror(errno))};
  }
  return fmt::format("/proc/self/fd/{}", file);
}

}  // namespace coreflow::cli
