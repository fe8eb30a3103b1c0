#include "tests/sim/play.h"

#include <algorithm>
#include <optional>

#include "tests/sim/trouble.h"

namespace coreflow::sim {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Some seeds have a calm network; in the others each fault is as frequent as Turbulent() says, or absent.
simulation::FaultRates RatesOf(Dice& random) {
  simulation::FaultRates rates;
  if (random.Chance(200)) return rates;
  const simulation::FaultRates all = simulation::Turbulent();
  for (int simulation::FaultRates::*rate :
       {&simulation::FaultRates::lost,         &simulation::FaultRates::answer_lost,
        &simulation::FaultRates::late,         &simulation::FaultRates::too_many,
        &simulation::FaultRates::server_error, &simulation::FaultRates::unavailable,
        &simulation::FaultRates::conflict,     &simulation::FaultRates::timed_out,
        &simulation::FaultRates::slow,         &simulation::FaultRates::stale_read,
        &simulation::FaultRates::watch_behind, &simulation::FaultRates::cut,
        &simulation::FaultRates::ended,        &simulation::FaultRates::silence,
        &simulation::FaultRates::expired,      &simulation::FaultRates::truncated,
        &simulation::FaultRates::twice,        &simulation::FaultRates::backwards,
        &simulation::FaultRates::dropped,      &simulation::FaultRates::frame_slow}) {
    if (random.Chance(600)) rates.*rate = all.*rate;
  }
  return rates;
}

// None in a namespaced install; else mostly up at once, sometimes with API servers that are behind.
std::optional<Duration> FenceLagOf(Dice& random) {
  if (random.Chance(300)) return std::nullopt;
  return random.Chance(500) ? seconds(0) : random.Between(Duration(1), Duration(seconds(5)));
}

}  // namespace

Played Play(uint64_t seed, bool trace) {
  Dice random(seed * 7919);
  const int processes = random.Chance(400) ? 2 : 1;
  Simulation simulation({.seed = seed,
                         .processes = processes,
                         .installs = processes > 1 && random.Chance(150),
                         .rates = RatesOf(random),
                         .most_clock_error = random.Chance(300) ? seconds(3) : seconds(0),
                         .fence_lag = FenceLagOf(random),
                         .store_faults = seed % 2 == 0 ? 100 : 0,
                         .sweep_crashes = seed % 2 == 0 ? 5 : 0,
                         .crash_again = random.Chance(500) ? 300 : 0,
                         .trace = trace});
  Trouble trouble(simulation, random.Next());
  for (auto& process : simulation.processes()) {
    simulation.StartProcess(*process, random.Chance(400) ? std::optional(simulation.RandomPlan()) : std::nullopt);
  }
  const uint64_t objects = 1 + random.Below(4);
  for (uint64_t i = 0; i < objects; ++i) {
    trouble.CreateObject();
    simulation.Advance(random.Between(Duration(0), seconds(20)));
  }
  const uint64_t strikes = random.Below(48);
  for (uint64_t i = 0; i < strikes && !simulation.Failed(); ++i) {
    if (random.Chance(90)) trouble.CreateObject();
    trouble.StrikeOnce();
    simulation.Advance(random.Between(Duration(0), random.Chance(100) ? minutes(3) : seconds(15)));
  }
  simulation.Heal();
  simulation.ExpectRunsEnd(minutes(45));
  simulation.Advance(
      minutes(15));  // times to live pass, also where the last crash came late; series of events are closed
  simulation.ExpectRest(minutes(6));
  simulation.SwitchOffForADay();
  simulation.Advance(minutes(10));  // sweeps look at what is old enough by now
  simulation.ExpectNothingLeft(minutes(15));
  simulation.ExpectStoreSwept(minutes(30));

  Played played{.report = simulation.Report(),
                .strikes = simulation.strikes(),
                .virtual_time = simulation.loop().Monotonic(),
                .writes = simulation.audit().entries().size()};
  for (const apiserver::AuditEntry& entry : simulation.audit().entries()) {
    played.pods += entry.resource == &apiserver::Pods() && !entry.before;
  }
  return played;
}

}  // namespace coreflow::sim
