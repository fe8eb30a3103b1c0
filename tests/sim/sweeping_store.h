#pragma once

#include <functional>
#include <string>
#include <vector>

#include "pkg/base/dice.h"
#include "pkg/base/loop.h"
#include "pkg/simulation/side_thread.h"
#include "pkg/store/store.h"
#include "tests/sim/simulated_store.h"

namespace coreflow::sim {

// How often the calls of a sweep go wrong, out of 1,000 of them. May change while one is under way.
struct SweepFaults {
  int failing = 0;  // slow, not sent, or without an answer
  int dying = 0;    // the process dies in the middle of one; what it has sent may still arrive
};

// The store as a sweep in one process sees it: each call takes time, in which all else goes on, and may fail. It has
// what a sweep calls; other calls are kInternal. What an entry says is never damaged on the way: of such damage nobody
// could tell what it hides.
class SweepingStore final : public store::Store {
 public:
  // All outlive it.
  struct Options {
    SimulatedStore& store;
    const SweepFaults& faults;
    Loop& world;    // where what was sent arrives, whatever becomes of the process
    Loop& process;  // where answers are heard
    std::function<void()> die;
  };

  // The calls are made in `side`.
  SweepingStore(const Options& options, Dice dice, simulation::SideThread& side)
      : options_(options), dice_(dice), side_(side) {}

  Result<store::EntryPage> ListEntries(const std::string& prefix, size_t limit, const std::string& page) override;
  Result<std::string> GetEntry(const std::string& name) override;
  Result<void> DeleteEntry(const std::string& name) override;
  Result<void> ListBlobs(const std::function<Result<void>(const store::ListedBlob&)>& visit) override;
  Result<Duration> BlobAge(const store::Digest& digest) override;
  Result<void> DeleteBlob(const store::Digest& digest) override;
  Result<void> SweepLeftovers(Duration untouched_for) override;

  Result<store::Blob> PutBlob(const store::Source& source, const store::Expected& expected) override;
  Result<void> ReadBlob(const store::Digest& digest, const store::Sink& sink) override;
  Result<void> ReadBlobRange(const store::Digest& digest, uint64_t offset, uint64_t length,
                             const store::Sink& sink) override;
  Result<uint64_t> BlobSize(const store::Digest& digest) override;
  Result<void> PutEntryIfAbsent(const std::string& name, const std::string& value) override;
  Result<void> PutEntry(const std::string& name, const std::string& value) override;

 private:
  // What `effect` gives where the store is, or what went wrong on the way.
  template <typename Answer>
  Answer Call(std::function<Answer()> effect);

  const Options options_;
  Dice dice_;
  simulation::SideThread& side_;
};

}  // namespace coreflow::sim
