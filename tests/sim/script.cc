#include "tests/sim/script.h"

#include <string>

#include "pkg/apiserver/object.h"
#include "pkg/base/dice.h"
#include "pkg/base/hash.h"
#include "pkg/base/output_limits.h"
#include "pkg/engine/pod_view.h"
#include "pkg/engine/pretended.h"
#include "tests/sim/specs.h"

namespace coreflow::sim {

using std::chrono::milliseconds;
using std::chrono::seconds;

simulation::Behaviour Script::BehaviourOf(const json::Value& pod, const engine::StoreOutputs& store) const {
  Dice random(seed_ ^ Fnv1a64(apiserver::NameOf(pod)));
  simulation::Behaviour behaviour;
  if (random.Chance(400)) behaviour.to_bind = random.Between(milliseconds(10), seconds(6));
  behaviour.to_start = random.Between(milliseconds(100), seconds(4));
  behaviour.runs_for = random.Between(milliseconds(50), random.Chance(200) ? seconds(90) : seconds(12));
  behaviour.to_stop = random.Between(milliseconds(10), random.Chance(300) ? seconds(40) : seconds(3));
  if (random.Chance(150)) behaviour.exit_code_on_stop = 0;
  if (random.Chance(140)) behaviour.end.exit_code = 1 + static_cast<int>(random.Below(3));
  if (random.Chance(40)) behaviour.end.out_of_memory = true;
  const std::string step = pod["metadata"]["labels"][engine::kLabelStep].StringOr("");
  if (step.starts_with(kMakesList)) {
    std::string list(MakesLargeList(step) ? kMostInlineOutputs : 0, ' ');
    for (int64_t i = 0; i < ListLength(step); ++i) list += (i ? "," : "") + std::to_string(i);
    behaviour.end.output = "list=[" + list + "]\n";
  }
  behaviour.end.output = engine::PretendedMessage(pod, behaviour.end.output, store);
  const uint64_t trouble = random.Below(1000);
  if (healed_ || trouble >= 32) return behaviour;
  const simulation::StartTrouble kTroubles[] = {simulation::StartTrouble::kUnschedulable,
                                                simulation::StartTrouble::kImagePull, simulation::StartTrouble::kConfig,
                                                simulation::StartTrouble::kSilent};
  behaviour.trouble = kTroubles[trouble / 8];
  return behaviour;
}

}  // namespace coreflow::sim
