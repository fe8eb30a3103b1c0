#include "pkg/executor/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coreflow::executor {
namespace {

using testing::HasSubstr;

const std::vector<const char*> kPaths = {"--socket", "/run/s", "--message", "/run/m", "--outputs", "/run/o"};

std::vector<const char*> operator+(std::vector<const char*> words, const std::vector<const char*>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

TEST(CommandLine, HasPathsArtifactsAndTheCommandWithItsOwnOptions) {
  const auto line = ParseCommandLine(kPaths + std::vector<const char*>{"--artifact", "model=TarZstd:/out/a=b:c",
                                                                       "--optional-artifact", "log=None:/log", "--",
                                                                       "sh", "--socket", "--", "x"});
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(*line, (CommandLine{.socket = "/run/s",
                                .message = "/run/m",
                                .outputs = "/run/o",
                                .artifacts = {{.name = "model", .archive = "TarZstd", .path = "/out/a=b:c"},
                                              {.name = "log", .archive = "None", .path = "/log", .optional = true}},
                                .command = {"sh", "--socket", "--", "x"}}));
}

TEST(CommandLine, SaysWhereWhatIsPrintedIsKept) {
  const auto line = ParseCommandLine(
      kPaths + std::vector<const char*>{"--log", "$log=100:/run/log", "--message-limit", "3072", "--", "true"});
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(line->log, (Log{.name = "$log", .most = 100, .path = "/run/log"}));
  EXPECT_EQ(line->message_limit, 3072u);
}

TEST(CommandLine, ThatIsWrongSaysWhatIs) {
  struct Case {
    std::vector<const char*> words;
    const char* want;
  };
  const std::vector<Case> cases = {
      {{}, "no command"},
      {kPaths + std::vector<const char*>{"--"}, "no command"},
      {kPaths, "no command"},
      {{"--", "true"}, "--socket is missing"},
      {{"--socket", "/s", "--", "true"}, "--message is missing"},
      {{"--socket", "/s", "--message", "/m", "--", "true"}, "--outputs is missing"},
      {{"--socket", "s", "--", "true"}, "--socket: s is no absolute path"},
      {{"--socket", "/s", "--socket", "/t", "--", "true"}, "--socket stands twice"},
      {{"--help"}, "--help has no value"},
      {{"--help", "me", "--", "true"}, "--help is no option"},
      {{"--large-outputs", "a b", "--", "true"}, "--large-outputs: a b is no word"},
      {{"--large-outputs", "a", "--large-outputs", "a", "--", "true"}, "--large-outputs stands twice"},
      {{"--log", "a=1", "--", "true"}, "a=1 is not NAME=BYTES:PATH"},
      {{"--log", "a=:/l", "--", "true"}, "--log:  is no number of bytes"},
      {{"--log", "a=1x:/l", "--", "true"}, "1x is no number of bytes"},
      {{"--log", "a=1:l", "--", "true"}, "l is no absolute path"},
      {{"--log", "a b=1:/l", "--", "true"}, "no word"},
      {{"--log", "a=1:/l", "--log", "a=1:/l", "--", "true"}, "--log stands twice"},
      {{"--message-limit", "-1", "--", "true"}, "-1 is no number of bytes"},
      {{"--artifact", "model", "--", "true"}, "model is not NAME=ARCHIVE:PATH"},
      {{"--artifact", "model=/a", "--", "true"}, "model=/a is not NAME=ARCHIVE:PATH"},
      {{"--artifact", "model=Zip:/a", "--", "true"}, "Zip is not None, Tar or TarZstd"},
      {{"--artifact", "model=Tar:a", "--", "true"}, "a is no absolute path"},
      {{"--artifact", "my model=Tar:/a", "--", "true"}, "no word"},
      {{"--artifact", "=Tar:/a", "--", "true"}, "no word"},
      {{"--artifact", "m=Tar:/a", "--optional-artifact", "m=Tar:/b", "--", "true"}, "m stands twice"},
  };
  for (const Case& c : cases) {
    const auto line = ParseCommandLine(c.words);
    ASSERT_FALSE(line) << c.want;
    EXPECT_THAT(line.error().message, HasSubstr(c.want));
  }
}

}  // namespace
}  // namespace coreflow::executor
