#pragma once

#include <map>
#include <string>
#include <utility>

#include "pkg/base/hash.h"
#include "pkg/base/loop.h"
#include "pkg/cache/blobs.h"

namespace coreflow::rehearsal {

// An artifact store of one namespace in memory, for the large outputs of steps. The loop outlives it.
class PretendedBlobs final : public cache::Blobs {
 public:
  explicit PretendedBlobs(Loop& loop) : loop_(loop) {}

  void Put(const std::string& text) { blobs_[Sha256Hex(text)] = text; }

  void GetBlob(const std::string&, const std::string& digest, Got got) override {
    const auto found = blobs_.find(digest);
    Result<std::string> answer = Error{.code = Code::kNotFound, .message = "there is no such blob"};
    if (found != blobs_.end()) answer = found->second;
    loop_.Post([got = std::move(got), answer = std::move(answer)] { got(answer); });
  }

 private:
  Loop& loop_;
  std::map<std::string, std::string> blobs_;
};

}  // namespace coreflow::rehearsal
