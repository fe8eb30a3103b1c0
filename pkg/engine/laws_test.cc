#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "pkg/engine/testing/ends.h"
#include "pkg/engine/testing/features.h"
#include "pkg/engine/testing/generator.h"
#include "pkg/engine/testing/invariants.h"
#include "pkg/engine/testing/player.h"
#include "pkg/engine/testing/shrink.h"
#include "pkg/engine/testing/verdict.h"
#include "pkg/json/write.h"

// The laws of the engine, each over every random scenario. COREFLOW_CASES=<n> plays more or fewer of them,
// COREFLOW_SEED=<n> a single one.
namespace coreflow::engine {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr uint64_t kCases = 400;
#elif defined(NDEBUG)
constexpr uint64_t kCases = 2000;
#else
constexpr uint64_t kCases = 1000;
#endif
constexpr int kMaxRounds = 30'000;

std::optional<uint64_t> FromEnvironment(const char* name) {
  const char* text = std::getenv(name);
  if (text == nullptr) return std::nullopt;
  return std::strtoull(text, nullptr, 10);
}

// A broken invariant aborts the program; this says where.
volatile uint64_t current_seed = 0;
void SaySeed(int) {
  char text[] = "\naborted at COREFLOW_SEED=00000000000000000000\n";
  uint64_t seed = current_seed;
  for (size_t i = sizeof(text) - 3; seed > 0; --i, seed /= 10) text[i] = static_cast<char>('0' + seed % 10);
  if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0) _exit(2);
}

template <typename Play>
uint64_t ForEachScenario(const Play& play) {
  std::signal(SIGABRT, SaySeed);
  const auto seed = FromEnvironment("COREFLOW_SEED");
  const uint64_t cases = seed ? 1 : FromEnvironment("COREFLOW_CASES").value_or(kCases);
  const uint64_t first = seed.value_or(1);
  for (uint64_t i = first; i < first + cases; ++i) {
    current_seed = i;
    if (!play(Generate(i))) break;
  }
  return cases;
}

// What is wrong with the scenario under the law; empty: nothing.
using Law = std::function<std::string(const Scenario&)>;

uint64_t HoldsForAll(const Law& law) {
  const uint64_t cases = ForEachScenario([&](const Scenario& scenario) {
    std::string wrong = law(scenario);
    if (wrong.empty()) return true;
    Scenario small = Shrink(scenario, [&](const Scenario& smaller) { return !law(smaller).empty(); });
    ADD_FAILURE() << "COREFLOW_SEED=" << scenario.seed << ": " << wrong << "\nThe smallest scenario found:\n"
                  << Describe(small) << "\nwhere: " << law(small);
    return false;
  });
  testing::Test::RecordProperty("cases", std::to_string(cases));
  return cases;
}

std::string Text(const Actions& actions) {
  std::string text;
  for (const Action& action : actions) {
    text += "  " + Describe(action);
    if (const auto* status = std::get_if<WriteStatus>(&action)) text += " " + json::WriteCanonical(status->status);
    if (const auto* pod = std::get_if<CreatePod>(&action)) text += " " + json::WriteCanonical(pod->pod);
    if (const auto* record = std::get_if<WriteRecord>(&action)) text += " " + json::WriteCanonical(record->body);
    text += "\n";
  }
  return text;
}

std::unique_ptr<Owner> Twin(const Player& player) {
  const ObjectView& object = player.world().object();
  return std::make_unique<Owner>(object.kind, object.namespace_name, object.name, object.uid,
                                 Term{.courier = PretendedCourier()});
}

std::string Compare(const Actions& wanted, const Actions& got) {
  if (wanted == got && Text(wanted) == Text(got)) return "";
  return "the one decides\n" + Text(wanted) + "the other\n" + Text(got);
}

std::string IsDeterministic(const Scenario& scenario) {
  Player player(scenario);
  auto twin = Twin(player);
  for (bool more = true; more && player.rounds() < kMaxRounds;) {
    more = player.Round();
    for (const Observation& observation : player.told()) twin->Observe(observation);
    std::string difference = Compare(player.actions(), twin->Decide(player.decided_at()));
    if (!difference.empty()) return fmt::format("round {}: {}", player.rounds(), difference);
  }
  return "";
}

// Things that were seen, to be told again.
class Memory {
 public:
  void Keep(const Observation& observation) { seen_.push_back(observation); }

  // Whether it may still be told: what is gone for good is not seen again.
  static bool MayComeAgain(const Observation& observation, const World& world) {
    if (const auto* pod = std::get_if<PodSeen>(&observation)) {
      auto stored = world.pods().find(pod->pod.name);
      return stored != world.pods().end() && stored->second.view.uid == pod->pod.uid;
    }
    return std::holds_alternative<ObjectSeen>(observation) || std::holds_alternative<RecordSeen>(observation);
  }

  std::vector<Observation> Some(const World& world, Dice& dice) const {
    std::vector<Observation> some;
    for (uint64_t i = seen_.empty() ? 0 : dice.Below(4); i > 0; --i) {
      const Observation& old = seen_[dice.Below(seen_.size())];
      if (MayComeAgain(old, world)) some.push_back(old);
    }
    return some;
  }
  void TellAll(Owner& owner, const World& world) const {
    for (const Observation& old : seen_) {
      if (MayComeAgain(old, world)) owner.Observe(old);
    }
  }

 private:
  std::vector<Observation> seen_;
};

std::string NothingLeft(Owner& owner, Time now, const char* when) {
  Actions actions = owner.Decide(now);
  std::erase_if(actions, [](const Action& action) { return std::holds_alternative<WakeAt>(action); });
  return actions.empty() ? "" : std::string(when) + ", there is left to do\n" + Text(actions);
}

// The other engine is told everything twice, and older things late; it is asked twice, too.
std::string IsIdempotent(const Scenario& scenario) {
  Player player(scenario);
  auto twin = Twin(player);
  Memory memory;
  Dice dice(scenario.seed, "late");
  for (bool more = true; more && player.rounds() < kMaxRounds;) {
    const std::vector<Observation> late = memory.Some(player.world(), dice);
    more = player.Round();
    for (const Observation& observation : player.told()) {
      twin->Observe(observation);
      twin->Observe(observation);
      memory.Keep(observation);
    }
    for (const Observation& observation : late) twin->Observe(observation);
    std::string difference = Compare(player.actions(), twin->Decide(player.decided_at()));
    if (!difference.empty()) return fmt::format("told twice, in round {}, {}", player.rounds(), difference);
    difference = NothingLeft(*twin, player.decided_at(), "asked again before anything is answered");
    if (!difference.empty()) return fmt::format("round {}: {}", player.rounds(), difference);
  }
  World& world = player.world();
  std::string left = NothingLeft(player.owner(), world.now, "at rest");
  for (const Observation& observation : world.Stored()) player.owner().Observe(observation);
  left += NothingLeft(player.owner(), world.now, "told everything once more");
  memory.TellAll(player.owner(), world);
  left += NothingLeft(player.owner(), world.now, "told the whole history late");
  auto restored = world.NewOwner();
  Actions actions = restored->Decide(world.now);
  std::erase_if(actions, [](const Action& action) { return !Writes(action); });
  if (!actions.empty()) left += "made anew at rest, there is left to do\n" + Text(actions);
  return left;
}

std::string IsSafeWhenCut(const Scenario& scenario) {
  Player whole(scenario);
  if (!whole.Play()) return "it does not come to rest";
  Player cut(scenario);
  Dice dice(scenario.seed, "cuts");
  const int64_t often = dice.Between(5, 60);
  int cuts = 0;
  for (bool more = true; more;) {
    if (cut.rounds() > kMaxRounds) return "it does not come to rest when it is cut";
    const bool now = cuts < 12 && dice.Percent(often);
    cuts += now ? 1 : 0;
    more = now ? cut.CutRound(dice) : cut.Round();
  }
  std::string wrong = Violations(cut) + ViolationsAtRest(cut);
  if (!wrong.empty()) return "cut, it breaks rules: " + wrong;
  wrong = Differences(whole, cut);
  return wrong.empty() ? "" : "cut, it ends in another way: " + wrong;
}

// What is stored, without what only says when or which request it was.
//
// `was_cut`: by time or a failure. What settled a step that never ran, its own rules or the cut, is stored only with
// its record, some seconds later: an engine made anew before that may settle it the other way, and then what says so in
// words differs, too. Pods and what they came to may not.
json::Object Plain(const World& world, bool was_cut) {
  json::Object plain;
  for (const auto& [name, pod] : world.pods()) {
    json::Object object = pod.object;
    json::Object metadata = object["metadata"].Members();
    for (const char* field : {"uid", "resourceVersion", "deletionTimestamp"}) metadata.erase(field);
    object["metadata"] = std::move(metadata);
    if (was_cut) object.erase("spec");
    plain[name] = std::move(object);
  }
  if (was_cut) return plain;
  const json::Value& status = world.status();
  for (const char* field : {"state", "counts", "progress", "outputs", "observedGeneration"})
    plain[field] = status[field];
  for (const char* field : {"number", "ending", "result", "digest"})
    plain[std::string("run.") + field] = status["run"][field];
  plain["reason"] = world.Reason();
  return plain;
}

std::string CompareStored(const Player& one, const Player& other) {
  const bool was_cut = !IsTimeless(one);
  json::Object a = Plain(one.world(), was_cut), b = Plain(other.world(), was_cut);
  std::string text;
  for (auto& [name, value] : a) {
    if (!(b[name] == value)) text += name + ": " + json::Write(value) + "\n  but " + json::Write(b[name]) + "\n";
  }
  for (auto& [name, value] : b) {
    if (!a.contains(name)) text += name + " is in the restored one only\n";
  }
  for (int32_t run = 1; run <= std::max(LastRun(one.world()), LastRun(other.world())); ++run) {
    Ends ends = EndsOf(one.world(), run), others = EndsOf(other.world(), run);
    for (Ends* of : {&ends, &others}) {
      if (was_cut) std::erase_if(*of, [](const auto& end) { return end.second["attempts"].IntOr(0) == 0; });
      for (auto& [item, end] : *of) {
        json::Object plain = end.Members();
        plain.erase("completionTime");
        // Of two reasons to try it no more, a failure elsewhere and a stop, the first to come is not stored either.
        if (was_cut && plain["state"].StringOr("") == "Stopped") plain["state"] = "Failed";
        end = std::move(plain);
      }
    }
    if (ends == others) continue;
    for (const auto& [item, end] : ends) text += "lived: " + json::Write(end) + "\n";
    for (const auto& [item, end] : others) text += "restored: " + json::Write(end) + "\n";
  }
  return text;
}

// Pods and user stand still; the engine that lived through it and one made from what is stored must bring the world to
// the same state.
std::string IsRestorable(const Scenario& given) {
  Scenario scenario = given;
  // Only the engine that was denied by quota knows of it, and waits; nothing of that is stored.
  for (auto& [step, plan] : scenario.plans) plan.denials = 0;
  Dice dice(scenario.seed, "restores");
  for (int i = 0; i < 2; ++i) {
    const int64_t round = dice.Between(0, (int64_t{4} << dice.Below(6)) - 1);
    Player lived(scenario);
    while (lived.rounds() < round && lived.Round()) {
    }
    // Of a pod that was removed, finalizer and all, nothing tells the engine that is made anew.
    const bool tampered = std::ranges::any_of(
        lived.world().log(), [](const WorldEvent& event) { return event.what == WorldEvent::What::kRemoved; });
    if (tampered) continue;
    auto restored = lived.Fork();
    std::string difference;
    for (int rest = 0; rest < 4; ++rest) {
      lived.Freeze(std::chrono::seconds(6 + rest));
      restored->Freeze(std::chrono::seconds(6 + rest));
      difference = CompareStored(lived, *restored);
      if (difference.empty()) break;
    }
    if (!difference.empty()) return fmt::format("restored after round {}: {}", round, difference);
  }
  return "";
}

using Shares = std::map<std::string, uint64_t>;

void CheckShares(Shares shares, uint64_t cases) {
  for (const std::string& feature : AllFeatures()) shares[feature] += 0;
  fmt::print("what did something in {} scenarios:\n", cases);
  for (const auto& [feature, count] : shares) {
    fmt::print("  {:24} {:5.1f} %\n", feature, 100.0 * static_cast<double>(count) / static_cast<double>(cases));
  }
  if (cases < 400) return;  // too few to speak of shares
  for (const std::string& feature : AllFeatures()) EXPECT_GE(shares[feature] * 10, cases) << feature << " is too rare";
}

TEST(Laws, KeepsTheRulesWithEachFeatureInEveryTenthScenario) {
  Shares shares;
  bool counts = true;  // not what is made smaller
  const uint64_t cases = HoldsForAll([&](const Scenario& scenario) -> std::string {
    if (!IsValid(scenario)) return "the engine does not take the spec";
    Player player(scenario);
    const bool rests = player.Play();
    std::string wrong = rests ? Violations(player) + ViolationsAtRest(player) : "it does not come to rest";
    counts = counts && wrong.empty();
    for (const std::string& feature : FeaturesOf(player)) shares[feature] += counts ? 1 : 0;
    return wrong;
  });
  if (counts) CheckShares(shares, cases);
}

TEST(Laws, Deterministic) { HoldsForAll(IsDeterministic); }
TEST(Laws, Idempotent) { HoldsForAll(IsIdempotent); }
TEST(Laws, SafeWhenCut) { HoldsForAll(IsSafeWhenCut); }
TEST(Laws, Restorable) { HoldsForAll(IsRestorable); }

}  // namespace
}  // namespace coreflow::engine
