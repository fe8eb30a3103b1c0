#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pkg/base/loop.h"
#include "pkg/cache/entries.h"
#include "pkg/cache/entry.h"
#include "pkg/cache/flights.h"
#include "pkg/cache/image_digests.h"
#include "pkg/engine/action.h"
#include "pkg/engine/observation.h"

namespace coreflow::cache {

// Answers what engines ask of the step cache, each namespace for itself. An entry that is damaged, or of something
// else, is a miss, and so is a store that doesn't answer: a step that runs once more than it has to is right, too.
//
// Of equal keys asked for at once one is a miss, and the others wait until that one has kept its result or has left.
// On the thread of the loop; loop and entries outlive it.
class StepCache {
 public:
  struct Options {
    Duration images_kept = std::chrono::hours(24);  // how long what a tag stood for is believed
    Duration patience = std::chrono::seconds(5);    // with the store, for one answer
  };
  using Answered = std::function<void(const engine::CacheAnswered& answer)>;

  struct Counts {
    int64_t hits = 0;
    int64_t damaged = 0;  // entries, which were misses
  };

  StepCache(Loop& loop, Entries& entries) : StepCache(loop, entries, Options()) {}
  StepCache(Loop& loop, Entries& entries, Options options);
  StepCache(const StepCache&) = delete;
  StepCache& operator=(const StepCache&) = delete;

  // The engine's actions of an object with that UID. Calls `answered` once, later, unless the item leaves or computes
  // before.
  void LookUp(const std::string& name_space, const std::string& uid, const engine::LookUpCache& look,
              Answered answered);
  void Compute(const std::string& name_space, const std::string& uid, const engine::ComputeForCache& compute);
  void Keep(const std::string& name_space, const engine::KeepInCache& keep);
  void Leave(const engine::LeaveCache& leave);
  // The object has no engine any more: all its items leave.
  void LeaveAll(const std::string& uid);

  const Counts& counts() const { return counts_; }

 private:
  using Next = std::function<void(const Result<std::string>& text)>;
  struct Wish {
    std::string name_space = {};
    engine::LookUpCache look = {};
    Answered answered = {};
    engine::StepKey key = {};  // as it is stored, once the image is known
    std::string digest = {};   // of that
    uint64_t turn = 0;         // of what was asked for it last
    Next next = {};            // what that goes to; empty: it waits for another item
    Duration since = {};       // when that was asked
  };

  void Begin(const std::string& of);
  void OnImage(const std::string& of, const Result<std::string>& digest);
  void GetEntry(const std::string& of);
  void OnEntry(const std::string& of, const Result<std::string>& text);
  void CheckArtifacts(const std::string& of, const Entry& entry, std::vector<std::string> wanted);
  void Hit(const std::string& of, const Entry& entry);
  void ExplainMiss(const std::string& of, const std::string& otherwise);
  void Answer(const std::string& of, engine::CacheVerdict verdict, engine::ItemResult result = {});
  void Miss(const std::string& of, std::string because);
  void Wake(const std::vector<std::string>& names);
  // Gets a value and hands it to `next`, unless the wish is gone by then.
  void Ask(const std::string& of, const std::string& name, Next next);
  uint64_t Expect(const std::string& of, Next next);
  void Arrive(const std::string& of, uint64_t turn, const Result<std::string>& text);
  void Watch();
  void GiveUpSilent();
  void Put(const std::string& name, const std::string& value, std::function<void()> done);

  Loop& loop_;
  Entries& entries_;
  const Options options_;
  ImageDigests images_;
  Flights flights_;
  std::map<std::string, Wish> wishes_;         // by the item's name, until they are answered
  std::map<std::string, std::string> owners_;  // UIDs, by the names of items that have or want something
  std::map<std::string, Duration> keeping_;    // since when what they have computed is being put
  uint64_t turns_ = 0;
  bool watching_ = false;
  Counts counts_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace coreflow::cache
