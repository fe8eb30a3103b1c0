#pragma once

#include <string>
#include <vector>

namespace coreflow::courier {

// The program coreflow-courier: does what its arguments say (kUsage) and gives its exit code. `executor` is the path of
// coreflow-exec, unless an argument names another one.
int RunCourier(const std::vector<std::string>& arguments, const std::string& executor);

}  // namespace coreflow::courier
