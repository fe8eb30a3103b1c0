#include "pkg/cli/kept_log.h"

#include <deque>
#include <string>
#include <utility>

namespace coreflow::cli {

namespace {

constexpr size_t kLongestLine = size_t{1} << 20;

// Bytes cut into lines.
class Lines {
 public:
  explicit Lines(std::function<void(std::string_view)> on_line) : on_line_(std::move(on_line)) {}

  void Add(std::string_view bytes) {
    while (!bytes.empty()) {
      const size_t end = bytes.find('\n');
      rest_ += bytes.substr(0, end);
      if (end == std::string_view::npos && rest_.size() < kLongestLine) return;
      on_line_(std::exchange(rest_, {}));
      bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
  }
  // After the last byte: a line without an end.
  void Finish() {
    if (!rest_.empty()) on_line_(std::exchange(rest_, {}));
  }

 private:
  const std::function<void(std::string_view)> on_line_;
  std::string rest_;
};

// The last lines.
class Tail {
 public:
  explicit Tail(size_t most) : most_(most) {}

  void Add(std::string_view line) {
    lines_.emplace_back(line);
    bytes_ += line.size();
    while (lines_.size() > most_ || bytes_ > kMostTail) {
      bytes_ -= lines_.front().size();
      lines_.pop_front();
    }
  }
  const std::deque<std::string>& lines() const { return lines_; }

 private:
  const size_t most_;
  std::deque<std::string> lines_;
  size_t bytes_ = 0;
};

}  // namespace

Result<void> ReadKeptLog(const StoreReader& reader, const artifact::Artifact& log, std::optional<int64_t> tail,
                         const std::function<void(std::string_view line)>& on_line) {
  Tail last(static_cast<size_t>(tail.value_or(0)));
  Lines lines([&](std::string_view line) { return tail ? last.Add(line) : on_line(line); });
  TRY_VOID(reader.Read(log, [&](std::string_view bytes) -> Result<void> {
    lines.Add(bytes);
    return {};
  }));
  lines.Finish();
  for (const std::string& line : last.lines()) on_line(line);
  return {};
}

}  // namespace coreflow::cli
