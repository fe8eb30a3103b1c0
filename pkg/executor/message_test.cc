#include "pkg/executor/message.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "pkg/artifact/executor_message.h"
#include "pkg/base/test_folder.h"

namespace coreflow::executor {
namespace {

const std::string kDigest(64, 'a');

TEST(Message, LeavesOutWhatIsEmpty) {
  EXPECT_EQ(FormatMessage({}), "{\"format\":1}\n");
  EXPECT_EQ(FormatMessage({.outputs = "rows=3\n"}), "{\"format\":1,\"outputs\":\"rows=3\\n\"}\n");
  EXPECT_EQ(FormatMessage({.problem = "x"}), "{\"format\":1,\"problem\":\"x\"}\n");
}

TEST(Message, IsWhatTheEngineReads) {
  const Message message{
      .outputs = "quotes=\"\\\"\nbell=\a\nä=\xff\n",
      .artifacts = {{"model", {.digest = kDigest, .bytes = 12}}, {"report", {.digest = kDigest, .bytes = 1ULL << 40}}},
      .usage = Usage{.cpu_milliseconds = 7, .peak_memory_bytes = int64_t{1} << 40},
      .problem = "artifact x: there is nothing at /\x80"};
  const auto read = artifact::ReadExecutorMessage(FormatMessage(message));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->outputs, "quotes=\"\\\"\nbell=\a\nä=\uFFFD\n");
  EXPECT_EQ(read->problem, "artifact x: there is nothing at /\uFFFD");
  EXPECT_EQ(read->usage, (artifact::Usage{.cpu_milliseconds = 7, .peak_memory_bytes = int64_t{1} << 40}));
  EXPECT_EQ(read->artifacts.size(), 2u);
  EXPECT_EQ(read->artifacts.at("model"), (artifact::ExecutorMessage::Stored{.digest = kDigest, .bytes = 12}));
  EXPECT_EQ(read->artifacts.at("report").bytes, int64_t{1} << 40);
}

TEST(Message, IsWrittenIntoTheFileThatIsThere) {
  const TestFolder folder;
  const std::string path = folder.Write("message", std::string(100, 'x'));
  struct stat before {};
  struct stat after {};
  ASSERT_EQ(stat(path.c_str(), &before), 0);
  ASSERT_TRUE(WriteMessage(path, {}));
  ASSERT_EQ(stat(path.c_str(), &after), 0);
  EXPECT_EQ(folder.Read("message"), "{\"format\":1}\n");
  EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST(Message, IsWrittenIntoANewFile) {
  const TestFolder folder;
  ASSERT_TRUE(WriteMessage(folder / "message", {}));
  EXPECT_EQ(folder.Read("message"), "{\"format\":1}\n");
  EXPECT_FALSE(WriteMessage(folder / "nowhere/message", {}));
}

}  // namespace
}  // namespace coreflow::executor
