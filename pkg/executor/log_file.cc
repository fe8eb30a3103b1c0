#include "pkg/executor/log_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace coreflow::executor {

Result<LogFile> LogFile::Create(const std::string& path, uint64_t most) {
  files::Descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600));
  if (!file) return files::SystemError(path, errno);
  return LogFile(std::move(file), path, most);
}

void LogFile::Add(std::string_view bytes) {
  if (!cut_.empty()) return;
  const auto room = static_cast<size_t>(std::min<uint64_t>(bytes.size(), most_ - size_));
  const bool fits = room == bytes.size();
  bytes = bytes.substr(0, room);
  while (!bytes.empty()) {
    const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      cut_ = files::SystemError(path_, count < 0 ? errno : ENOSPC).message;
      return;
    }
    size_ += static_cast<uint64_t>(count);
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  if (!fits) cut_ = "no more than " + std::to_string(most_) + " bytes are kept";
}

// Over its last bytes: there is no room behind them.
Result<void> LogFile::Finish() {
  if (cut_.empty()) return {};
  const std::string line = "\ncoreflow-exec: the log is cut here: " + cut_ + "\n";
  const uint64_t at = size_ - std::min<uint64_t>(size_, line.size());
  for (size_t done = 0; done < line.size();) {
    const ssize_t count = ::pwrite(file_.get(), line.data() + done, line.size() - done, static_cast<off_t>(at + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return files::SystemError(path_, count < 0 ? errno : ENOSPC);
    done += static_cast<size_t>(count);
  }
  if (::ftruncate(file_.get(), static_cast<off_t>(at + line.size())) != 0) return files::SystemError(path_, errno);
  return {};
}

}  // namespace coreflow::executor
