#include "pkg/cli/bundle_writer.h"

#include <gmock/gmock.h>

namespace coreflow::cli {
namespace {

class Kept : public NewFile {
 public:
  Result<void> Write(std::string_view bytes) override {
    if (full) return Error{.code = Code::kTooMany, .message = "full"};
    text += bytes;
    return {};
  }
  Result<void> Finish() override { return {}; }

  std::string text;
  bool full = false;
};

TEST(BundleWriter, CountsWhatItHasAndWhatItHasNot) {
  Kept file;
  BundleWriter bundle(file);
  EXPECT_TRUE(bundle.Add({"a", "b.json"}, "{}"));
  bundle.Omit("c", "it may not be read");
  EXPECT_TRUE(bundle.Finish());
  EXPECT_EQ(bundle.files(), 1u);
  EXPECT_EQ(bundle.omitted(), 1u);
  EXPECT_TRUE(file.text.starts_with("\x1f\x8b"));  // RFC 1952
}

TEST(BundleWriter, AFullDiskIsAnError) {
  Kept file;
  file.full = true;
  BundleWriter bundle(file);
  Result<void> done = bundle.Add({"a"}, "text");
  if (done) done = bundle.Finish();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "full");
}

TEST(BundleWriter, WhatThereIsNoRoomForIsLeftOutAndNoted) {
  Kept file;
  BundleWriter bundle(file);
  const std::string part(size_t{64} << 20, 'x');
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(bundle.Add({std::to_string(i)}, part));
  EXPECT_TRUE(bundle.Finish());
  EXPECT_EQ(bundle.files(), 4u);
  EXPECT_EQ(bundle.omitted(), 1u);
}

}  // namespace
}  // namespace coreflow::cli
