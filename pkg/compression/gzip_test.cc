#include "pkg/compression/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>
#include <vector>

namespace coreflow::compression {
namespace {

std::string Compress(const std::vector<std::string>& pieces) {
  std::string file;
  GzipWriter writer([&](std::string_view bytes) -> Result<void> {
    file += bytes;
    return {};
  });
  for (const std::string& piece : pieces) EXPECT_TRUE(writer.Add(piece));
  EXPECT_TRUE(writer.Finish());
  return file;
}

// By zlib's own reader of gzip, which checks the trailer; "damaged" when it says so.
std::string Decompress(const std::string& file, size_t size) {
  z_stream stream = {};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return "damaged";
  std::string bytes(size + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(file.data()));
  stream.avail_in = static_cast<uInt>(file.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  const int done = inflate(&stream, Z_FINISH);
  bytes.resize(stream.total_out);
  inflateEnd(&stream);
  return done == Z_STREAM_END && stream.avail_in == 0 ? bytes : "damaged";
}

TEST(Gzip, GivesBackWhatItWasGiven) {
  std::string large;
  for (int i = 0; i < 200'000; ++i) large += std::to_string(i * 7919 % 10'007);
  for (const std::string& bytes : {std::string(), std::string("a"), std::string(5, '\0'), large}) {
    EXPECT_EQ(Decompress(Compress({bytes}), bytes.size()), bytes);
  }
}

TEST(Gzip, TheSameBytesGiveTheSameFileWhateverThePieces) {
  EXPECT_EQ(Compress({"one two three"}), Compress({"one", "", " two ", "three"}));
}

TEST(Gzip, SomethingThatRepeatsGetsSmaller) { EXPECT_LT(Compress({std::string(1'000'000, 'x')}).size(), 2000u); }

TEST(Gzip, AnErrorOfTheSinkIsPassedOn) {
  GzipWriter writer([](std::string_view) -> Result<void> { return Error{.code = Code::kTooMany, .message = "full"}; });
  Result<void> done = writer.Add(std::string(1'000'000, 'x'));
  if (done) done = writer.Finish();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "full");
}

}  // namespace
}  // namespace coreflow::compression
