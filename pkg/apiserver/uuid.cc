#include "pkg/apiserver/uuid.h"

namespace coreflow::apiserver {

std::string Uuid(Dice& dice) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string uuid(36, '-');
  uint64_t bits = 0;
  int left = 0;
  for (size_t i = 0; i < uuid.size(); ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) continue;
    if (left == 0) bits = dice.Next(), left = 16;
    uuid[i] = kHex[bits & 15];
    bits >>= 4;
    --left;
  }
  uuid[14] = '4';
  uuid[19] = kHex[8 + dice.Below(4)];
  return uuid;
}

}  // namespace coreflow::apiserver
