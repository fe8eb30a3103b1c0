#include "pkg/runner/process_identity.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace coreflow::runner {

namespace {

constexpr char kBetween = '/';

std::string FirstLine(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string Boot() { return FirstLine("/proc/sys/kernel/random/boot_id"); }

// The namespace of process numbers, as a number.
std::string Namespace() {
  std::error_code error;
  const std::string link = std::filesystem::read_symlink("/proc/self/ns/pid", error).string();
  const size_t open = link.find('[');
  return open == std::string::npos ? "" : link.substr(open + 1, link.size() - open - 2);
}

// In ticks since the machine started (proc(5), starttime); empty when there is no such process.
std::string StartOf(const std::string& pid) {
  const std::string line = FirstLine("/proc/" + pid + "/stat");
  const size_t name_end = line.rfind(')');
  if (name_end == std::string::npos) return "";
  std::istringstream rest(line.substr(name_end + 1));
  std::string field;
  for (int number = 3; number <= 22; ++number) rest >> field;
  return field;
}

}  // namespace

std::string IdentityOfThisProcess() {
  const std::string pid = std::to_string(getpid());
  return Boot() + kBetween + Namespace() + kBetween + pid + kBetween + StartOf(pid);
}

bool HasEnded(const std::string& identity) {
  std::vector<std::string> parts;
  std::istringstream text(identity);
  for (std::string part; std::getline(text, part, kBetween);) parts.push_back(part);
  if (parts.size() != 4 || parts[2].find_first_not_of("0123456789") != std::string::npos) return true;
  if (parts[0] != Boot()) return true;
  return parts[1] == Namespace() && StartOf(parts[2]) != parts[3];
}

}  // namespace coreflow::runner
