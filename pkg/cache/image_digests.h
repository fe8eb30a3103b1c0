#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "pkg/base/loop.h"
#include "pkg/cache/entries.h"

namespace coreflow::cache {

// What images were when pods of theirs ran: nobody asks a registry. On the thread of the loop, which outlives it, as
// do the entries.
class ImageDigests {
 public:
  ImageDigests(Loop& loop, Entries& entries, Duration keep) : loop_(loop), entries_(entries), keep_(keep) {}

  // Calls `found` with "sha256:…", or with nothing when no pod of the image was seen for as long as that is kept. At
  // once when that is known.
  void Find(const std::string& name_space, const std::string& image,
            const std::function<void(const std::string& digest)>& found);

  // A pod of the image ran, and had this digest.
  void Note(const std::string& name_space, const std::string& image, const std::string& digest);

 private:
  struct Seen {
    std::string digest = {};
    Time when = {};
  };
  using Name = std::pair<std::string, std::string>;  // namespace, image

  std::string Fresh(const Seen& seen) const;

  Loop& loop_;
  Entries& entries_;
  const Duration keep_;
  std::map<Name, Seen> seen_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace coreflow::cache
