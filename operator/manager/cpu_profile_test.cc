#include "operator/manager/cpu_profile.h"

#include <gmock/gmock.h>

#include <cstring>
#include <string>
#include <vector>

namespace coreflow::manager {
namespace {

using testing::ElementsAre;

constexpr char kMaps[] = "00400000-00500000 r-xp 00000000 00:00 0    /usr/bin/coreflow-operator\n";

std::vector<uintptr_t> WordsOf(const std::string& profile) {
  const size_t text = std::string(kMaps).size();
  std::vector<uintptr_t> words((profile.size() - text) / sizeof(uintptr_t));
  std::memcpy(words.data(), profile.data(), words.size() * sizeof(uintptr_t));
  return words;
}

TEST(CpuProfile, HasAHeadTheStacksAnEndAndTheMaps) {
  const std::string profile =
      CpuProfile({.stacks = {{{0x401000, 0x402000}, 3}, {{0x403000}, 1}}}, std::chrono::milliseconds(10), kMaps);
  EXPECT_THAT(WordsOf(profile), ElementsAre(0, 3, 0, 10'000, 0,        //
                                            3, 2, 0x401000, 0x402000,  //
                                            1, 1, 0x403000,            //
                                            0, 1, 0));
  EXPECT_THAT(profile, testing::EndsWith(kMaps));
}

TEST(CpuProfile, IsReadableWhenNothingWasSeen) {
  EXPECT_THAT(WordsOf(CpuProfile({}, std::chrono::milliseconds(10), kMaps)), ElementsAre(0, 3, 0, 10'000, 0, 0, 1, 0));
}

}  // namespace
}  // namespace coreflow::manager
