#include "pkg/kube/watch_decoder.h"

#include <gtest/gtest.h>

#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "pkg/json/parse.h"

namespace coreflow::kube {
namespace {

const char* TypeName(FrameType type) {
  static constexpr const char* kNames[] = {"Added", "Modified", "Deleted", "Bookmark", "Error", "Unknown"};
  return kNames[static_cast<int>(type)];
}

// "Added ns/name uid@version", with "!" and the trouble where there is some.
std::string Shown(const WatchFrame& frame) {
  std::ostringstream out;
  out << TypeName(frame.type) << ' ';
  PrintTo(frame.seen.key, &out);
  out << ' ';
  PrintTo(frame.seen.version, &out);
  if (!frame.seen.trouble.empty()) out << " !" << frame.seen.trouble;
  if (frame.type == FrameType::kError) out << ' ' << frame.seen.object["message"].StringOr("no message");
  return out.str();
}

std::vector<std::string> Shown(const std::vector<WatchFrame>& frames) {
  std::vector<std::string> out;
  out.reserve(frames.size());
  for (const WatchFrame& frame : frames) out.push_back(Shown(frame));
  return out;
}

std::string Line(const std::string& type, const std::string& name, const std::string& more = "") {
  return R"({"type":")" + type + R"(","object":{"kind":"Pod","metadata":{"namespace":"n","name":")" + name +
         R"(","uid":"u","resourceVersion":"7"})" + more + "}}\n";
}
std::string Deep(int depth) { return std::string(depth, '[') + std::string(depth, ']'); }

struct Case {
  std::string name;
  std::string bytes;
  std::vector<std::string> want;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

class WatchDecoderTest : public testing::TestWithParam<Case> {};

TEST_P(WatchDecoderTest, MakesFramesOfLines) {
  WatchDecoder decoder;
  EXPECT_EQ(Shown(decoder.Feed(GetParam().bytes)), GetParam().want);
}

TEST_P(WatchDecoderTest, ItDoesNotMatterWhereTheBytesAreCut) {
  const std::string& bytes = GetParam().bytes;
  for (size_t piece : {1, 2, 3, 7, 64}) {
    WatchDecoder decoder;
    std::vector<WatchFrame> frames;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      for (WatchFrame& frame : decoder.Feed(bytes.substr(at, piece))) frames.push_back(std::move(frame));
    }
    EXPECT_EQ(Shown(frames), GetParam().want) << "in pieces of " << piece;
  }
}

TEST_P(WatchDecoderTest, ALineThatComesAsAValueIsTheSameFrame) {
  std::istringstream lines(GetParam().bytes);
  for (std::string line; std::getline(lines, line);) {
    const auto value = json::Parse(line);
    if (!value) continue;  // no value has that text
    WatchDecoder decoder;
    EXPECT_EQ(std::vector{decoder.FrameOf(*value)}, decoder.Feed(line + "\n"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Watch, WatchDecoderTest,
    testing::Values(
        Case{"EachType",
             Line("ADDED", "a") + Line("MODIFIED", "b") + Line("DELETED", "c"),
             {"Added n/a u@7", "Modified n/b u@7", "Deleted n/c u@7"}},
        Case{
            "ABookmarkHasAVersionOnly",
            R"({"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"9","creationTimestamp":null}}})"
            "\n",
            {"Bookmark  @9"}},
        Case{"AnErrorIsAStatus",
             R"({"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old"}})"
             "\n",
             {"Error  @ too old"}},
        Case{"AnUnknownType", Line("REPLACED", "a") + Line("ADDED", "b"), {"Unknown n/a u@7", "Added n/b u@7"}},
        Case{"ALineThatIsNotComplete", Line("ADDED", "a") + R"({"type":"ADDED")", {"Added n/a u@7"}},
        Case{"EmptyLinesAndCarriageReturns", "\n\r\n" + Line("ADDED", "a"), {"Added n/a u@7"}},
        Case{"GarbageIsSkipped",
             "<html>\n" + Line("ADDED", "a"),
             {"Unknown  @ !" + json::Parse("").error().message, "Added n/a u@7"}},
        Case{"AnObjectNestedTooDeepIsNamed",
             Line("MODIFIED", "a", R"(,"spec":)" + Deep(300)) + Line("ADDED", "b"),
             {"Modified n/a u@7 !" + json::Parse(Deep(300)).error().message, "Added n/b u@7"}},
        Case{"AnObjectWithBrokenUtf8IsNamed",
             Line("DELETED", "a", ",\"spec\":\"\xff\"") + Line("ADDED", "b"),
             {"Deleted n/a u@7 !" + json::Parse("\"\xff\"").error().message, "Added n/b u@7"}},
        Case{"AnObjectWithoutAName",
             R"({"type":"ADDED","object":{"metadata":{"uid":"u"}}})"
             "\n",
             {"Added  u@ !no metadata.name"}},
        Case{"FieldsOfWrongTypes",
             R"({"type":"ADDED","object":{"metadata":{"name":"a","namespace":1,"uid":[],"resourceVersion":7}}})"
             "\n",
             {"Added a @"}},
        Case{"NoObject",
             R"({"type":"ADDED"})"
             "\n",
             {"Added  @ !no metadata.name"}},
        Case{"AnErrorThatCantBeReadIsNotTaken",
             R"({"type":"ERROR","object":{"message":")"
             "\xff"
             "\"}}\n",
             {"Unknown  @ !" + json::Parse("\"\xff\"").error().message}}),
    [](const auto& info) { return info.param.name; });

TEST(WatchDecoder, ObjectsComeWithoutManagedFields) {
  WatchDecoder decoder;
  const std::string line = R"({"type":"ADDED","object":{"metadata":{"name":"a","managedFields":[{"manager":"m"}]}}})";
  auto frames = decoder.Feed(line + "\n");
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(decoder.FrameOf(*json::Parse(line)), frames.front());
  EXPECT_EQ(frames.front().seen.object, *json::Parse(R"({"metadata":{"name":"a"}})"));
}

TEST(WatchDecoder, ObjectsHaveTheShapeThatIsAskedForAndAStatusIsWhole) {
  static constexpr json::Shape kName[] = {{"name"}};
  static constexpr json::Shape kPod[] = {{"metadata", json::Shape::Read::kNamed, kName}};
  WatchDecoder decoder({.read = json::Shape::Read::kNamed, .members = kPod});
  auto frames = decoder.Feed(R"({"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"a","labels":{}}}})"
                             "\n"
                             R"({"type":"ERROR","object":{"code":410,"metadata":{"continue":""},"message":"too old"}})"
                             "\n");
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].seen.object, *json::Parse(R"({"metadata":{"name":"a"}})"));
  EXPECT_EQ(frames[1].seen.object, *json::Parse(R"({"code":410,"metadata":{"continue":""},"message":"too old"})"));
}

TEST(WatchDecoder, ALineOverTheLimitIsNamedAndTheNextOneIsRead) {
  for (size_t piece : {10, 100, 100000}) {
    WatchDecoder decoder(kObjectShape, 1000);
    std::string bytes = Line("ADDED", "a", R"(,"spec":")" + std::string(5000, 'x') + '"') + Line("ADDED", "b");
    std::vector<WatchFrame> frames;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      for (WatchFrame& frame : decoder.Feed(bytes.substr(at, piece))) frames.push_back(std::move(frame));
    }
    EXPECT_EQ(Shown(frames), (std::vector<std::string>{"Added n/a u@7 !longer than 1000 bytes", "Added n/b u@7"}));
  }
}

}  // namespace
}  // namespace coreflow::kube
