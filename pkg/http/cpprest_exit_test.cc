#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "pkg/http/cpprest_transport.h"

namespace coreflow::http {
namespace {

constexpr int kThreadsLeft = 7;

void FailIfThreadsAreLeft() {
  const auto tasks = std::filesystem::directory_iterator("/proc/self/task");
  if (std::distance(begin(tasks), end(tasks)) > 1) _exit(kThreadsLeft);
}

[[noreturn]] void UseAndExit() {
  const bool usable = NewCpprestTransport({.url = "https://127.0.0.1:1"}).has_value();
  OPENSSL_atexit(FailIfThreadsAreLeft);
  std::exit(usable ? 0 : 1);
}

TEST(CpprestExitDeathTest, AProcessThatEndsDoesNotWaitForOpenSslForEver) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(UseAndExit(), testing::ExitedWithCode(0), "")
      << kThreadsLeft << ": OpenSSL ended before the library's threads";
}

}  // namespace
}  // namespace coreflow::http
