#include "pkg/compression/zstd.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "pkg/base/dice.h"

namespace coreflow::compression {
namespace {

using testing::HasSubstr;

Source From(const std::string& bytes, size_t piece) {
  return [bytes, piece, at = size_t{0}](std::span<char> buffer) mutable -> Result<size_t> {
    const size_t count = bytes.copy(buffer.data(), std::min(piece, buffer.size()), at);
    at += count;
    return count;
  };
}

std::string Compress(const std::string& bytes, size_t source_piece = 100'000, size_t piece = 1000) {
  ZstdReader reader(From(bytes, source_piece));
  std::string frame;
  std::vector<char> buffer(piece);
  while (true) {
    const auto count = reader.Read(buffer);
    EXPECT_TRUE(count.has_value());
    if (!count || *count == 0) return frame;
    frame.append(buffer.data(), *count);
  }
}

// What was in it, or the error.
std::string Decompress(const std::string& frame, const ZstdLimits& limits = {}, size_t piece = 1000) {
  std::string bytes;
  ZstdWriter writer(
      [&](std::string_view more) -> Result<void> {
        bytes.append(more);
        return {};
      },
      limits);
  for (size_t at = 0; at < frame.size(); at += piece) {
    if (auto added = writer.Add(std::string_view(frame).substr(at, piece)); !added) return added.error().message;
  }
  auto finished = writer.Finish();
  return finished ? bytes : finished.error().message;
}

// Compresses to about half.
std::string SomeText(size_t size) {
  Dice dice(1);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>('a' + dice.Below(16));
  return text;
}

TEST(ZstdTest, WhatIsCompressedComesBackWhateverThePieces) {
  for (const size_t size : {size_t{0}, size_t{1}, size_t{128 << 10}, size_t{3'000'000}}) {
    const std::string text = SomeText(size);
    const std::string frame = Compress(text);
    EXPECT_TRUE(Compress(text, 7, 100'000) == frame) << "the same frame";
    for (const size_t piece : {size_t{1}, size_t{1000}, size_t{10'000'000}}) {
      EXPECT_TRUE(Decompress(frame, {}, piece) == text) << size << " " << piece;
    }
  }
}

TEST(ZstdTest, ItGetsSmaller) { EXPECT_LT(Compress(SomeText(1'000'000)).size(), 600'000u); }

TEST(ZstdTest, FramesMayFollowEachOther) { EXPECT_EQ(Decompress(Compress("one ") + Compress("two")), "one two"); }

TEST(ZstdTest, ABombIsStoppedAtTheLimit) {
  const std::string bomb = Compress(std::string(100'000'000, '\0'));
  EXPECT_LT(bomb.size(), 20'000u);
  EXPECT_EQ(Decompress(bomb, {.bytes = 99'999'999}), "zstd: unpacks to more than the limit of 99999999 bytes");
  EXPECT_EQ(Decompress(bomb, {.bytes = 100'000'000}).size(), 100'000'000u);
  uint64_t handed_on = 0;
  ZstdWriter writer([&](std::string_view more) -> Result<void> { return handed_on += more.size(), Result<void>(); },
                    {.bytes = 1'000'000});
  EXPECT_FALSE(writer.Add(bomb).has_value());
  EXPECT_LE(handed_on, 1'000'000u);
}

TEST(ZstdTest, AWindowThatCostsTooMuchIsRefused) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 27);
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  std::string frame(1000, '\0');
  // Without the size being known the frame asks for the whole window.
  ZSTD_inBuffer input{.src = "abc", .size = 3, .pos = 0};
  ZSTD_outBuffer output{.dst = frame.data(), .size = frame.size(), .pos = 0};
  ZSTD_compressStream2(context, &output, &input, ZSTD_e_flush);
  ASSERT_EQ(ZSTD_compressStream2(context, &output, &input, ZSTD_e_end), 0u);
  ZSTD_freeCCtx(context);
  frame.resize(output.pos);
  EXPECT_THAT(Decompress(frame), HasSubstr("too much memory"));
  EXPECT_EQ(Decompress(frame, {.window_log = 27}), "abc");
}

TEST(ZstdTest, DamageNeverGivesOtherBytes) {
  const std::string text = SomeText(500);
  const std::string frame = Compress(text);
  size_t noticed = 0;
  for (size_t at = 0; at < frame.size(); ++at) {
    std::string damaged = frame;
    damaged[at] ^= 0x10;
    const std::string got = Decompress(damaged);
    noticed += got.starts_with("zstd: ") ? 1 : 0;
    EXPECT_TRUE(got == text || got.starts_with("zstd: ")) << at;
  }
  EXPECT_GE(noticed + 5, frame.size()) << "a few bits mean nothing";
  for (size_t size = 0; size < frame.size(); ++size) EXPECT_EQ(Decompress(frame.substr(0, size)), "zstd: is cut off");
  EXPECT_THAT(Decompress(frame + "more"), HasSubstr("zstd: "));
  EXPECT_THAT(Decompress("no zstd"), HasSubstr("zstd: "));
}

TEST(ZstdTest, ErrorsOfSourceAndSinkArePassedOn) {
  ZstdReader reader(
      [](std::span<char>) -> Result<size_t> { return Error{.code = Code::kCancelled, .message = "gone"}; });
  std::vector<char> buffer(100);
  EXPECT_EQ(reader.Read(buffer).error().message, "gone");
  int calls = 0;
  ZstdWriter writer(
      [&](std::string_view) -> Result<void> {
        ++calls;
        return Error{.code = Code::kCancelled, .message = "full"};
      },
      {});
  const std::string frame = Compress("abc");
  EXPECT_EQ(writer.Add(frame).error().message, "full");
  EXPECT_EQ(writer.Add(frame).error().message, "full");
  EXPECT_EQ(writer.Finish().error().message, "full");
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace coreflow::compression
