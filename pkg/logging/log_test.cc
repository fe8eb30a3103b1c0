#include "pkg/logging/log.h"

#include <gmock/gmock.h>

#include <type_traits>
#include <vector>

#include "pkg/base/secret.h"
#include "pkg/json/parse.h"

namespace coreflow::logging {
namespace {

class Lines final : public Sink {
 public:
  void Write(Level, std::string_view line) override { lines.emplace_back(line); }
  std::vector<std::string> lines;
};

std::chrono::system_clock::time_point At() {
  return std::chrono::system_clock::time_point(std::chrono::microseconds(1'795'232'220'000'250));
}

TEST(Log, ALineHasTimeLevelMessageAndTheFactsInOrder) {
  auto sink = std::make_shared<Lines>();
  Log log(sink, Level::kInfo, &At);
  log.Info("job created", {{"workflow", "ml/train"}, {"attempt", 2}, {"cached", false}});
  EXPECT_THAT(sink->lines,
              testing::ElementsAre(R"({"time":"2026-11-21T03:37:00.000250Z","level":"info","msg":"job created",)"
                                   R"("workflow":"ml/train","attempt":2,"cached":false})"));
}

TEST(Log, WhatIsBelowTheLevelIsDropped) {
  auto sink = std::make_shared<Lines>();
  Log log(sink, Level::kWarn, &At);
  log.Debug("a");
  log.Info("b");
  log.Warn("c");
  log.Error("d");
  ASSERT_EQ(sink->lines.size(), 2u);
  EXPECT_THAT(sink->lines[0], testing::HasSubstr(R"("level":"warn","msg":"c")"));
  EXPECT_THAT(sink->lines[1], testing::HasSubstr(R"("level":"error","msg":"d")"));
}

TEST(Log, ADefaultLogSaysNothing) {
  Log log;
  EXPECT_FALSE(log.Enabled(Level::kError));
  log.Error("nobody hears this");
}

TEST(Log, WithAddsFactsToEveryLineOfTheCopyOnly) {
  auto sink = std::make_shared<Lines>();
  Log log(sink, Level::kDebug, &At);
  log.With({{"controller", "workflow"}}).With({{"bucket", 7}}).Debug("x", {{"step", "a"}});
  log.Debug("y");
  ASSERT_EQ(sink->lines.size(), 2u);
  EXPECT_THAT(sink->lines[0], testing::EndsWith(R"("msg":"x","controller":"workflow","bucket":7,"step":"a"})"));
  EXPECT_THAT(sink->lines[1], testing::EndsWith(R"("msg":"y"})"));
}

TEST(Log, TheLevelCanBeChangedForAllCopiesAtOnce) {
  auto sink = std::make_shared<Lines>();
  Log log(sink, Level::kInfo, &At);
  const Log copy = log.With({{"controller", "workflow"}});
  copy.Debug("a");
  log.SetLevel(Level::kDebug);
  EXPECT_EQ(copy.level(), Level::kDebug);
  copy.Debug("b");
  copy.SetLevel(Level::kError);
  log.Warn("c");
  ASSERT_EQ(sink->lines.size(), 1u);
  EXPECT_THAT(sink->lines[0], testing::HasSubstr(R"("msg":"b")"));
}

TEST(Log, ADefaultLogHasNoLevelToChange) {
  const Log log;
  log.SetLevel(Level::kDebug);
  EXPECT_FALSE(log.Enabled(Level::kError));
}

struct HostileCase {
  std::string name;
  std::string value;
  std::string want;
};
void PrintTo(const HostileCase& c, std::ostream* out) { *out << c.name; }

class HostileValue : public testing::TestWithParam<HostileCase> {};

TEST_P(HostileValue, StaysInsideItsField) {
  const std::string line = FormatLine(At(), Level::kInfo, "m", "", {{"value", GetParam().value}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  auto parsed = json::Parse(line);
  ASSERT_TRUE(parsed.has_value()) << line;
  EXPECT_EQ((*parsed)["value"].StringOr(""), GetParam().want);
  EXPECT_EQ(parsed->Members().size(), 4u);
}

INSTANTIATE_TEST_SUITE_P(
    Log, HostileValue,
    testing::Values(HostileCase{"a quote that closes the string", "\",\"level\":\"error", "\",\"level\":\"error"},
                    HostileCase{"a newline that starts another line", "a\n{\"msg\":\"b\"}", "a\n{\"msg\":\"b\"}"},
                    HostileCase{"a terminal escape", "\x1b[2J", "\x1b[2J"},
                    HostileCase{"bytes that are not UTF-8", "a\xff", "a\xEF\xBF\xBD"},
                    HostileCase{"exactly as long as may be", std::string(2048, 'x'), std::string(2048, 'x')},
                    HostileCase{"one byte too long", std::string(2049, 'x'),
                                std::string(2048, 'x') + "… (cut, 2049 bytes)"},
                    HostileCase{"a character across the cut", std::string(2047, 'x') + "ä and more",
                                std::string(2047, 'x') + "… (cut, 2058 bytes)"}));

TEST(Log, AStructuredValueThatIsTooLongBecomesCutText) {
  json::Array many(2000, json::Value(7));
  auto parsed = json::Parse(FormatLine(At(), Level::kInfo, "m", "", {{"value", many}}));
  ASSERT_TRUE(parsed.has_value());
  EXPECT_THAT((*parsed)["value"].StringOr(""), testing::EndsWith("… (cut, 4001 bytes)"));
}

template <typename T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(Streamable<std::string>);
static_assert(!Streamable<Secret<std::string>>);
static_assert(!std::is_constructible_v<json::Value, Secret<std::string>>);
static_assert(!std::is_convertible_v<Secret<std::string>, std::string>);

TEST(Secret, TestOutputDoesNotShowIt) {
  EXPECT_EQ(testing::PrintToString(Secret<std::string>("hunter2")), "[secret]");
  EXPECT_EQ(Secret<std::string>("hunter2").Reveal(), "hunter2");
}

}  // namespace
}  // namespace coreflow::logging
