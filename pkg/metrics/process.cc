#include "pkg/metrics/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>
#include <vector>

namespace coreflow::metrics {
namespace {

// proc(5): the fields after the command, which stands in parentheses and may itself contain some. The first is
// number 3.
constexpr size_t kFirstField = 3;
constexpr size_t kUserTicks = 14;
constexpr size_t kSystemTicks = 15;
constexpr size_t kStartTicks = 22;
constexpr size_t kVirtualBytes = 23;
constexpr size_t kResidentPages = 24;

std::vector<double> ReadStat(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const std::string line = text.str();
  const size_t end = line.rfind(')');
  std::vector<double> fields;
  if (end == std::string::npos) return fields;
  std::istringstream rest(line.substr(end + 1));
  std::string state;
  rest >> state;
  fields.push_back(0);  // the state is a letter
  for (double value; rest >> value;) fields.push_back(value);
  return fields;
}

std::optional<double> BootTime(const std::string& path) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    double seconds = 0;
    if (line.starts_with("btime ") && std::istringstream(line.substr(6)) >> seconds) return seconds;
  }
  return std::nullopt;
}

std::optional<double> CountFiles(const std::string& directory) {
  std::error_code error;
  std::filesystem::directory_iterator it(directory, error);
  if (error) return std::nullopt;
  double count = 0;
  for (; it != std::filesystem::directory_iterator(); it.increment(error)) {
    if (error) return std::nullopt;
    ++count;
  }
  return count;
}

}  // namespace

ProcessMetrics::ProcessMetrics(Registry& registry, std::string proc, std::string boot)
    : proc_(std::move(proc)),
      boot_(std::move(boot)),
      cpu_(registry.AddCounter({.name = "process_cpu_seconds_total", .help = "CPU time that the operator has used."})
               .With({})),
      resident_(registry
                    .AddGauge({.name = "process_resident_memory_bytes",
                               .help = "Memory that the operator has in RAM.",
                               .use = "Alert when it comes near the container's memory limit."})
                    .With({})),
      virtual_(registry.AddGauge({.name = "process_virtual_memory_bytes", .help = "Address space of the operator."})
                   .With({})),
      start_(registry
                 .AddGauge({.name = "process_start_time_seconds",
                            .help = "When the operator started, in seconds since 1970."})
                 .With({})),
      open_files_(registry.AddGauge({.name = "process_open_fds", .help = "Open file descriptors."}).With({})),
      max_files_(
          registry.AddGauge({.name = "process_max_fds", .help = "Most file descriptors that may be open."}).With({})) {}

void ProcessMetrics::Update() {
  const std::lock_guard lock(mu_);
  const std::vector<double> stat = ReadStat(proc_ + "/stat");
  if (stat.size() > kResidentPages - kFirstField) {
    const auto field = [&](size_t number) { return stat[number - kFirstField]; };
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    cpu_.Increment(std::max(0.0, (field(kUserTicks) + field(kSystemTicks)) / ticks - cpu_.Value()));
    virtual_.Set(field(kVirtualBytes));
    resident_.Set(field(kResidentPages) * static_cast<double>(sysconf(_SC_PAGESIZE)));
    if (const auto boot = BootTime(boot_)) start_.Set(*boot + field(kStartTicks) / ticks);
  }
  if (const auto files = CountFiles(proc_ + "/fd")) open_files_.Set(*files);
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) max_files_.Set(static_cast<double>(limit.rlim_cur));
}

}  // namespace coreflow::metrics
