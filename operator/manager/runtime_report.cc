#include "operator/manager/runtime_report.h"

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <vector>

#include "pkg/base/build_info.h"

namespace coreflow::manager {

namespace {

constexpr double kMiB = 1 << 20;

struct Thread {
  std::string id = {};
  std::string name = {};
  std::string state = {};
  double cpu_seconds = 0;
};

std::string FirstLine(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// proc(5): the state is the field behind the name, which stands in parentheses; user and system time are 11 and 12
// fields further on.
std::optional<Thread> ReadThread(const std::filesystem::path& folder) {
  const std::string stat = FirstLine(folder / "stat");
  const size_t end = stat.rfind(')');
  if (end == std::string::npos) return std::nullopt;
  std::istringstream rest(stat.substr(end + 1));
  Thread thread{.id = folder.filename(), .name = FirstLine(folder / "comm")};
  rest >> thread.state;
  double ticks = 0;
  for (int field = 1; field <= 12 && rest; ++field) {
    double value = 0;
    rest >> value;
    if (field >= 11) ticks += value;
  }
  if (!rest) return std::nullopt;
  thread.cpu_seconds = ticks / static_cast<double>(sysconf(_SC_CLK_TCK));
  return thread;
}

std::vector<Thread> ReadThreads(const std::string& proc) {
  std::vector<Thread> threads;
  std::error_code error;
  for (std::filesystem::directory_iterator it(proc + "/task", error), end; !error && it != end; it.increment(error)) {
    if (auto thread = ReadThread(it->path())) threads.push_back(*std::move(thread));
  }
  std::ranges::stable_sort(threads, std::ranges::greater(), &Thread::cpu_seconds);
  return threads;
}

std::string Memory(const std::string& proc) {
  std::string text;
  double pages = 0;
  double resident = 0;
  if (std::ifstream(proc + "/statm") >> pages >> resident) {
    text += fmt::format("memory: {:.1f} MiB resident\n", resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / kMiB);
  }
  const struct mallinfo2 heap = mallinfo2();
  return text + fmt::format("heap: {:.1f} MiB in use, {:.1f} MiB kept for later, {:.1f} MiB in large pieces\n",
                            static_cast<double>(heap.uordblks) / kMiB, static_cast<double>(heap.fordblks) / kMiB,
                            static_cast<double>(heap.hblkhd) / kMiB);
}

}  // namespace

std::string RuntimeReport(const LoopState& loop, const std::string& proc) {
  const std::vector<Thread> threads = ReadThreads(proc);
  std::string text = fmt::format("coreflow-operator {} (revision {})\n", Version(), Revision());
  text += fmt::format("loop: work waits {:.6f} s, {} items wait\n", std::chrono::duration<double>(loop.waited).count(),
                      loop.queued);
  text += Memory(proc);
  text += fmt::format("threads: {}\n\n{:>8}  STATE  {:>11}  NAME\n", threads.size(), "ID", "CPU SECONDS");
  for (const Thread& thread : threads) {
    text += fmt::format("{:>8}  {:5}  {:>11.2f}  {}\n", thread.id, thread.state, thread.cpu_seconds, thread.name);
  }
  return text;
}

}  // namespace coreflow::manager
