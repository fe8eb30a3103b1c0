#include "pkg/logging/fd_sink.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <sstream>
#include <thread>
#include <vector>

#include "pkg/json/parse.h"

namespace coreflow::logging {
namespace {

using std::chrono::milliseconds;

class Pipe {
 public:
  explicit Pipe(int bytes) {
    if (pipe2(ends_, O_CLOEXEC) != 0) std::abort();
    fcntl(ends_[1], F_SETPIPE_SZ, bytes);
  }
  ~Pipe() {
    CloseWriter();
    close(ends_[0]);
  }
  int writer() const { return ends_[1]; }
  void CloseWriter() {
    if (ends_[1] >= 0) close(ends_[1]);
    ends_[1] = -1;
  }

  // What is in the pipe now.
  std::string Drain() {
    fcntl(ends_[0], F_SETFL, O_NONBLOCK);
    std::string text;
    char buffer[4096];
    for (ssize_t n; (n = read(ends_[0], buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(n));
    return text;
  }
  // Everything until the writer closes.
  std::string ReadAll() {
    std::string text;
    char buffer[4096];
    for (ssize_t n; (n = read(ends_[0], buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<size_t>(n));
    return text;
  }

 private:
  int ends_[2] = {-1, -1};
};

std::vector<std::string> SplitLines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(FdSink, WritesLinesInOrder) {
  Pipe pipe(65536);
  auto sink = MakeFdSink(pipe.writer(), milliseconds(100));
  sink->Write(Level::kInfo, "one");
  sink->Write(Level::kError, "two {} %v");
  EXPECT_EQ(pipe.Drain(), "one\ntwo {} %v\n");
}

TEST(FdSink, AReaderThatDoesNotReadCostsLinesAndTheyAreCounted) {
  Pipe pipe(8192);
  auto sink = MakeFdSink(pipe.writer(), milliseconds(1));
  const std::string line(1000, 'x');
  for (int i = 0; i < 20; ++i) sink->Write(Level::kInfo, line);  // returns, though nobody reads
  const size_t kept = SplitLines(pipe.Drain()).size();
  EXPECT_GT(kept, 0u);
  EXPECT_LT(kept, 20u);

  sink->Write(Level::kInfo, "after");
  auto lines = SplitLines(pipe.Drain());
  while (!lines.empty() && lines.front().empty()) lines.erase(lines.begin());
  ASSERT_EQ(lines.size(), 2u);
  auto note = json::Parse(lines[0]);
  ASSERT_TRUE(note.has_value()) << lines[0];
  EXPECT_EQ((*note)["msg"].StringOr(""), "log lines lost");
  EXPECT_EQ((*note)["lines"].IntOr(0), static_cast<int64_t>(20 - kept));
  EXPECT_EQ(lines[1], "after");
}

TEST(FdSink, ALineThatWasCutShortDoesNotSpoilTheNextOne) {
  Pipe pipe(4096);
  auto sink = MakeFdSink(pipe.writer(), milliseconds(1));
  sink->Write(Level::kInfo, std::string(6000, 'x'));  // more than the pipe holds
  EXPECT_EQ(pipe.Drain(), std::string(4096, 'x'));
  sink->Write(Level::kInfo, "after");
  auto lines = SplitLines(pipe.Drain());
  ASSERT_EQ(lines.size(), 3u);  // the end of the cut one, how many were lost, and this one
  EXPECT_EQ(lines[0], "");
  EXPECT_EQ(lines[2], "after");
}

TEST(FdSink, ADescriptorThatCannotBeWrittenCostsNothing) {
  auto sink = MakeFdSink(-1, milliseconds(1));
  sink->Write(Level::kInfo, "nobody hears this");
}

TEST(FdSink, LinesOfManyThreadsDoNotMix) {
  Pipe pipe(8192);
  auto sink = MakeFdSink(pipe.writer(), milliseconds(60'000));
  std::string text;
  std::thread reader([&] { text = pipe.ReadAll(); });
  {
    std::vector<std::jthread> writers;
    for (char c : {'a', 'b', 'c', 'd'}) {
      writers.emplace_back([&sink, c] {
        for (int i = 0; i < 200; ++i) sink->Write(Level::kInfo, std::string(500, c));
      });
    }
  }
  pipe.CloseWriter();
  reader.join();
  auto lines = SplitLines(text);
  EXPECT_EQ(lines.size(), 800u);
  for (const std::string& line : lines) EXPECT_EQ(line, std::string(500, line[0]));
}

}  // namespace
}  // namespace coreflow::logging
