#include "pkg/executor/outputs.h"

#include <fcntl.h>

#include <cerrno>

#include "pkg/base/output_limits.h"
#include "pkg/files/descriptor.h"

namespace coreflow::executor {

namespace {

Error Wrong(const std::string& what) { return {.code = Code::kInvalid, .message = "outputs: " + what}; }

}  // namespace

Result<std::string> ReadOutputs(const std::string& path) {
  // The command may have made a FIFO of it.
  const files::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file && errno == ENOENT) return std::string();
  if (!file) return Wrong(files::SystemError(path, errno).message);
  std::string outputs;
  // Most are small, and a command near its limit of memory leaves little.
  for (size_t room = 4096; outputs.size() <= kMostOutputs; room *= 2) {
    const size_t have = outputs.size();
    outputs.resize(have + room);
    const auto count = files::ReadFull(file, {outputs.data() + have, room}, path);
    if (!count) return Wrong(count.error().message);
    outputs.resize(have + *count);
    if (*count < room) break;
  }
  if (outputs.size() > kMostOutputs) return Wrong(path + " has more than 1 MiB");
  return outputs;
}

}  // namespace coreflow::executor
