#include "tests/sim/sweeper.h"

#include <chrono>
#include <utility>

#include "pkg/cache/store_sweep.h"

namespace coreflow::sim {

Sweeper::Sweeper(Options options) : options_(std::move(options)), dice_(options_.seed, "sweeps") { SweepLater(); }

void Sweeper::SweepLater() {
  const Duration pause = dice_.Between(std::chrono::seconds(30), std::chrono::seconds(180));
  options_.store.process.After(pause, [this] {
    SweepNow();
    SweepLater();
  });
}

void Sweeper::SweepNow() {
  if (!ended_) return;
  std::optional<cache::BlobsInUse> in_use = options_.in_use();
  if (!in_use) return;
  ended_ = false;
  const Dice dice(dice_.Next());
  const Time now = options_.store.process.Now();
  side_ = std::make_unique<simulation::SideThread>(
      [this, dice, now, in_use = *std::move(in_use)](simulation::SideThread& self) {
        SweepingStore store(options_.store, dice, self);
        static_cast<void>(cache::SweepStore(store, now, in_use, self.stop()).has_value());
        ended_ = true;
      });
  side_->Resume();
}

}  // namespace coreflow::sim
