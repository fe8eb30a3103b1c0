#pragma once

#include <string>
#include <string_view>

#include "pkg/apiserver/failure.h"

namespace coreflow::apiserver {

// Where a list in pages goes on: the `continue` of list metadata, in the real server's form.
struct PageToken {
  int64_t rv = 0;          // the snapshot; -1: whatever is there now
  std::string start = {};  // the first key that has not been returned, without the prefix of the list

  bool operator==(const PageToken&) const = default;
};

std::string EncodePageToken(const PageToken& token);
// 400 for what is no such token.
Outcome<PageToken> DecodePageToken(std::string_view text);

}  // namespace coreflow::apiserver
