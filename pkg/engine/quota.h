#pragma once

#include <string_view>

namespace coreflow::engine {

// Whether a pod asks by itself for more than a resource quota allows for all together, so that it would be refused
// without any other pod, too. `refusal` is the API server's message, written by its admission plugin ResourceQuota:
// "… exceeded quota: NAME, requested: requests.cpu=8, used: requests.cpu=0, limited: requests.cpu=4". False for any
// other text.
bool NeverFits(std::string_view refusal);

}  // namespace coreflow::engine
