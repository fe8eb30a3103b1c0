#include "pkg/base/check.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace coreflow {

namespace {

void Put(const char* text) {
  // write(2) needs no stream and no lock; there is nothing to do about its failure here.
  [[maybe_unused]] ssize_t written = ::write(STDERR_FILENO, text, std::strlen(text));
}

}  // namespace

void CheckFailed(const char* file, int /*line*/, const char* condition, const char* why) {
  Put("CHECK failed: ");
  Put(condition);
  Put(" (");
  Put(why);
  Put(") in ");
  Put(file);
  Put("\n");
  std::abort();
}

}  // namespace coreflow
