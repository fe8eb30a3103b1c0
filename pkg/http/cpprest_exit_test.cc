#include <gtest/gtest.h>
#include <openssl/crypto.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "pkg/http/cpprest_transport.h"

namespace coreflow::http {
namespace {

constexpr int kThreadsLeft = 7;

int64_t Threads() {
  const auto tasks = std::filesystem::directory_iterator("/proc/self/task");
  return std::distance(begin(tasks), end(tasks));
}

int64_t threads_before = 0;

[[noreturn]] void UseAndExit() {
  std::thread([] {}).join();  // a sanitizer starts one of its own with the first
  threads_before = Threads();
  const bool usable = NewCpprestTransport({.url = "https://127.0.0.1:1"}).has_value();
  OPENSSL_atexit([] {
    if (Threads() > threads_before) _exit(kThreadsLeft);
  });
  std::exit(usable ? 0 : 1);
}

TEST(CpprestExitDeathTest, AProcessThatEndsDoesNotWaitForOpenSslForEver) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(UseAndExit(), testing::ExitedWithCode(0), "")
      << kThreadsLeft << ": OpenSSL ended before the library's threads";
}

}  // namespace
}  // namespace coreflow::http
