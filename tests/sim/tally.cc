#include "tests/sim/tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace coreflow::sim {

namespace {

using enum PodPhase;

// What can't befall a pod in such a phase, and why.
struct Senseless {
  const char* name;
  std::initializer_list<PodPhase> phases;
};
const Senseless kSenseless[] = {
    // The kubelet evicts what is on its node and has not ended.
    {"Evict", {kUnbound, kEnded, kStored}},
    // A container must run, be it to its end.
    {"OutOfMemory", {kUnbound, kCreating, kEnded, kStored}},
    // The scheduler takes room from pods that have some, and not from those that give it back.
    {"Preempt", {kUnbound, kStopping, kEnded, kStored}},
    // What is on no node loses none.
    {"LoseNode", {kUnbound}},
    {"RestartKubelet", {kUnbound}},
    {"RemoveNode", {kUnbound}},
    // terminated-pod-gc-threshold counts pods that have ended.
    {"CollectTerminated", {kUnbound, kCreating, kRunning, kStopping}},
    // Couriers bring what is taken before anything runs, and take what is left as the command has ended.
    {"InputMissing", {kUnbound, kRunning, kStopping, kEnded, kStored}},
    {"UploadFails", {kUnbound, kCreating, kStopping, kEnded, kStored}},
    // A sweep looks at what records name, and at no pod.
    {"CrashInSweep", {kUnbound, kCreating, kRunning, kStopping, kEnded}},
    // The operator reads nothing of any age; if it came to do so, this line would have to go.
    {"StaleRead", {kUnbound, kCreating, kRunning, kStopping, kEnded, kStored}},
};

bool MakesSense(const std::string& name, PodPhase phase) {
  return std::ranges::none_of(kSenseless, [&](const Senseless& senseless) {
    return name == senseless.name && std::ranges::find(senseless.phases, phase) != senseless.phases.end();
  });
}

}  // namespace

void Struck::Count(const PodPhaseSet& phases) {
  ++times;
  for (size_t i = 0; i < kPodPhases; ++i) in[i] += phases[i];
}

void Tally::Add(const Strikes& strikes) {
  for (const auto& [name, struck] : strikes) {
    Row& row = rows_[name];
    row.seeds += struck.times > 0;
    row.struck.times += struck.times;
    for (size_t i = 0; i < kPodPhases; ++i) row.struck.in[i] += struck.in[i];
  }
}

std::string Tally::Table() const {
  std::string text = fmt::format("{:<18} {:>6} {:>8}", "what struck", "seeds", "times");
  for (size_t i = 0; i < kPodPhases; ++i) text += fmt::format(" {:>8}", PodPhaseName(static_cast<PodPhase>(i)));
  text += "\n";
  for (const auto& [name, row] : rows_) {
    text += fmt::format("{:<18} {:>6} {:>8}", name, row.seeds, row.struck.times);
    for (size_t i = 0; i < kPodPhases; ++i) {
      const bool sense = MakesSense(name, static_cast<PodPhase>(i));
      text += fmt::format(" {:>8}", sense ? std::to_string(row.struck.in[i]) : "-");
    }
    text += "\n";
  }
  return text;
}

std::vector<std::string> Tally::Problems(int least) const {
  std::vector<std::string> problems;
  for (const auto& [name, row] : rows_) {
    for (size_t i = 0; i < kPodPhases; ++i) {
      const PodPhase phase = static_cast<PodPhase>(i);
      const int times = row.struck.in[i];
      const std::string what = fmt::format("{} with a pod {}: {} times", name, PodPhaseName(phase), times);
      if (!MakesSense(name, phase) && times > 0) problems.push_back(what + ", although it makes no sense");
      if (MakesSense(name, phase) && times < least) problems.push_back(what + ", too few to say anything");
    }
  }
  return problems;
}

}  // namespace coreflow::sim
