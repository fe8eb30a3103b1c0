#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "pkg/base/loop.h"
#include "pkg/cache/content_parts.h"
#include "pkg/cache/contents.h"
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
//
// What a step is given of Secrets and ConfigMaps is looked at when it is looked up and once more when it has succeeded:
// only if it is the same is the result kept. What it was is remembered in memory alone, from LookUp() to Keep(),
// Leave() or LeaveAll(). On the thread of the loop; loop, entries and contents outlive it.
class StepCache {
 public:
  struct Options {
    Duration images_kept = std::chrono::hours(24);  // how long what a tag stood for is believed
    Duration patience = std::chrono::seconds(5);    // with the store, or the API server, for one answer
    Contents* contents = nullptr;                   // null: what has any can't be cached
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
    const char* silence = "";  // what to say when there is no answer
  };
  // What was computed and is being put.
  struct Keeping {
    Duration since = {};
    uint64_t turn = 0;  // of the question for its contents
  };

  void Begin(const std::string& of);
  void OnContents(const std::string& of, const Result<std::string>& done, const Parts& parts);
  void FindImage(const std::string& of);
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
  uint64_t Expect(const std::string& of, Next next, const char* silence);
  void Arrive(const std::string& of, uint64_t turn, const Result<std::string>& text);
  void Watch();
  void GiveUpSilent();
  // `parts`: what the contents add to the key.
  void KeepEntry(const std::string& name_space, const engine::KeepInCache& keep, const std::string& image_digest,
                 const Parts& parts);
  void Put(const std::string& name, const std::string& value, std::function<void()> done);

  Loop& loop_;
  Entries& entries_;
  const Options options_;
  ImageDigests images_;
  Flights flights_;
  std::map<std::string, Wish> wishes_;         // by the item's name, until they are answered
  std::map<std::string, std::string> owners_;  // UIDs, by the names of items that have or want something
  std::map<std::string, Parts> read_;          // what the contents of items were when they were looked up
  std::map<std::string, Keeping> keeping_;     // by the item's name
  uint64_t turns_ = 0;
  bool watching_ = false;
  Counts counts_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace coreflow::cache
