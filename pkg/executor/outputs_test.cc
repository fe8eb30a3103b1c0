#include "pkg/executor/outputs.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "pkg/base/output_limits.h"
#include "pkg/base/test_folder.h"

namespace coreflow::executor {
namespace {

TEST(Outputs, AreWhatTheFileHas) {
  const TestFolder folder;
  for (const size_t size : {size_t{0}, size_t{1}, size_t{4096}, size_t{100'000}, kMostOutputs}) {
    const auto outputs = ReadOutputs(folder.Write("outputs", std::string(size, 'x')));
    ASSERT_TRUE(outputs) << size;
    EXPECT_EQ(*outputs, std::string(size, 'x'));
  }
}

TEST(Outputs, ThatWereNotWrittenAreEmpty) {
  const TestFolder folder;
  const auto outputs = ReadOutputs(folder / "outputs");
  ASSERT_TRUE(outputs);
  EXPECT_EQ(*outputs, "");
}

TEST(Outputs, OfMoreThanOneMebibyteAreAProblem) {
  const TestFolder folder;
  const std::string path = folder.Write("outputs", std::string(kMostOutputs + 1, 'x'));
  const auto outputs = ReadOutputs(path);
  ASSERT_FALSE(outputs);
  EXPECT_EQ(outputs.error().message, "outputs: " + path + " has more than 1 MiB");
}

TEST(Outputs, ThatAreNoFileHoldUpNothing) {
  const TestFolder folder;
  EXPECT_FALSE(ReadOutputs(folder.Folder("folder")));
  ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0600), 0);
  const auto outputs = ReadOutputs(folder / "fifo");
  ASSERT_TRUE(outputs);
  EXPECT_EQ(*outputs, "");
}

}  // namespace
}  // namespace coreflow::executor
