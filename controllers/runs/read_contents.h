#pragma once

#include <memory>
#include <string>

#include "pkg/base/loop.h"
#include "pkg/base/secret.h"
#include "pkg/cache/contents.h"
#include "pkg/kube/client.h"

namespace coreflow::runs {

// What ConfigMaps and Secrets have, by a GET of each object when it is asked for: nothing is listed, watched or kept.
// Those who ask at the same time share a request, which begins after the last of them has asked; so who asks while one
// is under way waits for the next. On the loop's thread; loop and client outlive it.
class ReadContents final : public cache::Contents {
 public:
  struct Options {
    // What may be read: the operator has the right to `get` them. Nothing else is asked for.
    bool secrets = false;
    bool config_maps = false;
    Secret<std::string> key = {};  // see cache::ContentKey()
  };

  ReadContents(Loop& loop, kube::Client& client, Options options);
  ~ReadContents() override;

  void Find(const std::string& name_space, const engine::Content& content, Found found) override;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace coreflow::runs
