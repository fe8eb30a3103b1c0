#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "pkg/base/loop.h"
#include "pkg/kube/client.h"

namespace coreflow::runs {

// Which namespaces are ours: two installs never act on one. The claim on a namespace is a Lease in it, whose holder is
// an install, not a replica. It is made for the first run there and does not expire: uninstalling takes it away, or
// whoever knows that the install is gone for good. On the loop's thread; loop and client outlive it.
class Claims {
 public:
  struct Options {
    std::string owner = {};  // this install; empty: there are no claims, and every namespace is ours
    std::function<bool()> may_write = {};
    // What Owns() has denied may be ours now.
    std::function<void(const std::string& ns)> on_ours = {};
    // A namespace that was asked for is that owner's.
    std::function<void(const std::string& ns, const std::string& owner)> on_anothers = {};
    // What was another's is free, or what was ours is another's. Of what happens there we know too little to go on:
    // all that leading begins with must be done anew. Nothing of that namespace is ours until then.
    std::function<void(const std::string& ns)> on_changed_hands = {};
    std::function<void(const std::string& ns, const kube::ApiError& error)> on_trouble = {};
  };

  Claims(Loop& loop, kube::Client& client, Options options);
  ~Claims();
  Claims(const Claims&) = delete;
  Claims& operator=(const Claims&) = delete;

  // What the watch shows: who holds the claim; nullopt: there is none.
  void Saw(const std::string& ns, const std::optional<std::string>& holder);

  // Whether runs of that namespace may be acted on. If it is nobody's it is claimed, and on_ours follows. REQUIRES:
  // the first list of claims is complete.
  bool Owns(const std::string& ns);

  // Nothing is left there that Owns() could be asked for.
  void Forget(const std::string& ns);

  // The other install that has it; nullopt: ours, or not known.
  std::optional<std::string> OtherOwner(const std::string& ns) const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace coreflow::runs
