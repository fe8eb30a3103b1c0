#pragma once

#include <string>

namespace coreflow::runner {

// What tells this process from all others of this machine, for ever: a process's number is given again, and so is that
// of a namespace. A text without spaces.
std::string IdentityOfThisProcess();

// Whether a process of that identity, or of that text, has ended. False for one that can't be seen from here, such as
// one in another namespace.
bool HasEnded(const std::string& identity);

}  // namespace coreflow::runner
