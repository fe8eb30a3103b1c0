#include "pkg/executor/message.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "pkg/executor/json_text.h"
#include "pkg/files/descriptor.h"

namespace coreflow::executor {

std::string FormatMessage(const Message& message) {
  std::string json = "{\"format\":1";
  if (!message.outputs.empty()) json += ",\"outputs\":" + JsonText(message.outputs);
  const char* separator = ",\"artifacts\":{";
  for (const auto& [name, stored] : message.artifacts) {
    json += separator + JsonText(name) + ":" + JsonText(stored.digest + ":" + std::to_string(stored.bytes));
    separator = ",";
  }
  if (!message.artifacts.empty()) json += "}";
  if (message.usage) {
    json += ",\"usage\":{\"cpuMilliseconds\":" + std::to_string(message.usage->cpu_milliseconds) +
            ",\"peakMemoryBytes\":" + std::to_string(message.usage->peak_memory_bytes) + "}";
  }
  if (!message.problem.empty()) json += ",\"problem\":" + JsonText(message.problem);
  return json + "}\n";
}

Result<void> WriteMessage(const std::string& path, const Message& message) {
  const files::Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
  if (!file) return files::SystemError(path, errno);
  const std::string text = FormatMessage(message);
  TRY_VOID(files::WriteAll(file, text, path));
  // A device has nothing behind it.
  if (::ftruncate(file.get(), static_cast<off_t>(text.size())) != 0 && errno != EINVAL) {
    return files::SystemError(path, errno);
  }
  return {};
}

}  // namespace coreflow::executor
