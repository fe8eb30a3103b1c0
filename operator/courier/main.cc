#include <filesystem>
#include <string>
#include <system_error>

#include "operator/courier/run_courier.h"
#include "pkg/artifact/courier_job.h"

namespace {

std::string BesideThis(const char* name) {
  std::error_code error;
  return std::filesystem::read_symlink("/proc/self/exe", error).parent_path() / name;
}

}  // namespace

int main(int argc, char** argv) {
  return coreflow::courier::RunCourier({argv + 1, argv + argc}, BesideThis(coreflow::artifact::kExecutor));
}
