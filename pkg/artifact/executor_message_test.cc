#include "pkg/artifact/executor_message.h"

#include <gtest/gtest.h>

namespace coreflow::artifact {
namespace {

TEST(ExecutorMessage, TellsOutputsAndArtifacts) {
  const std::string digest(64, 'a');
  const auto message = ReadExecutorMessage(R"({"format":1,"outputs":"rows=3\n","artifacts":{"model":")" + digest +
                                           R"(:12"},"usage":{"cpuMilliseconds":7,"peakMemoryBytes":9},"problem":"x"})");
  ASSERT_TRUE(message);
  EXPECT_EQ(message->outputs, "rows=3\n");
  EXPECT_EQ(message->artifacts.at("model"), (ExecutorMessage::Stored{.digest = digest, .bytes = 12}));
  EXPECT_EQ(message->usage, (Usage{.cpu_milliseconds = 7, .peak_memory_bytes = 9}));
  EXPECT_EQ(message->problem, "x");
}

TEST(ExecutorMessage, WithoutAReadableUsageHasNone) {
  for (const char* usage : {"null", "7", R"({"cpuMilliseconds":7})", R"({"cpuMilliseconds":7,"peakMemoryBytes":-1})",
                            R"({"cpuMilliseconds":"7","peakMemoryBytes":9})"}) {
    const auto message = ReadExecutorMessage(std::string(R"({"format":1,"usage":)") + usage + "}");
    ASSERT_TRUE(message);
    EXPECT_EQ(message->usage, std::nullopt) << usage;
  }
}

TEST(ExecutorMessage, ThatIsNoneIsRefused) {
  const std::string digest(64, 'a');
  for (const std::string& stored : {digest, digest + ":", digest + ":-1", digest + ":1x", "sha256:" + digest + ":1",
                                    std::string(64, 'A') + ":1", std::string(":1")}) {
    EXPECT_FALSE(ReadExecutorMessage(R"({"format":1,"artifacts":{"m":")" + stored + "\"}}")) << stored;
  }
  for (const char* text : {"", "rows=3", "[1]", R"({"format":2})", R"({"format":1,"artifacts":{"m":1}})"}) {
    EXPECT_FALSE(ReadExecutorMessage(text)) << text;
  }
}

}  // namespace
}  // namespace coreflow::artifact
