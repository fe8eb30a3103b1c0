#include "pkg/runner/process_identity.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace coreflow::runner {
namespace {

TEST(ProcessIdentityTest, ThisProcessHasNotEnded) {
  EXPECT_EQ(IdentityOfThisProcess(), IdentityOfThisProcess());
  EXPECT_FALSE(HasEnded(IdentityOfThisProcess()));
}

TEST(ProcessIdentityTest, AnotherProcessEnds) {
  std::array<int, 2> said{};
  std::array<int, 2> heard{};
  ASSERT_EQ(pipe(said.data()) + pipe(heard.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    const std::string identity = IdentityOfThisProcess();
    char wait = 0;
    const bool done = write(said[1], identity.data(), identity.size()) > 0 && read(heard[0], &wait, 1) > 0;
    _exit(done ? 0 : 1);
  }
  std::string identity(200, ' ');
  const ssize_t size = read(said[0], identity.data(), identity.size());
  ASSERT_GT(size, 0);
  identity.resize(static_cast<size_t>(size));
  EXPECT_NE(identity, IdentityOfThisProcess());
  EXPECT_FALSE(HasEnded(identity));
  ASSERT_EQ(write(heard[1], "x", 1), 1);
  waitpid(child, nullptr, 0);
  EXPECT_TRUE(HasEnded(identity));
  for (const int file : {said[0], said[1], heard[0], heard[1]}) close(file);
}

TEST(ProcessIdentityTest, AProcessFromBeforeTheMachineStartedHasEnded) {
  const std::string here = IdentityOfThisProcess();
  EXPECT_TRUE(HasEnded("0b0c3d3e-0000-0000-0000-000000000000" + here.substr(here.find('/'))));
}

TEST(ProcessIdentityTest, AProcessOfAnotherNamespaceIsNotJudged) {
  const std::string here = IdentityOfThisProcess();
  EXPECT_FALSE(HasEnded(here.substr(0, here.find('/')) + "/1/999999/1"));
}

TEST(ProcessIdentityTest, AnythingElseIsNoProcess) {
  for (const char* text : {"", "x", "a/b/c/d", "////", "a/b/../self/1"}) EXPECT_TRUE(HasEnded(text)) << text;
}

}  // namespace
}  // namespace coreflow::runner
