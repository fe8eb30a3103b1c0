#include "pkg/engine/action.h"

#include <fmt/format.h>

#include <ostream>

#include "pkg/base/overloaded.h"
#include "pkg/json/write.h"

namespace coreflow::engine {

std::string Describe(const Action& action) {
  return std::visit(overloaded{
                        [](const CreatePod& a) { return "CreatePod " + a.name; },
                        [](const EndPod& a) { return fmt::format("EndPod {} {}", a.name, EndingName(a.ending)); },
                        [](const RemovePod& a) { return "RemovePod " + a.name; },
                        [](const ReleasePod& a) { return fmt::format("ReleasePod {} {}", a.name, a.done); },
                        [](const SweepPods& a) { return "SweepPods " + a.run_id; },
                        [](const SweepRecords& a) { return "SweepRecords " + a.run_id; },
                        [](const LookUpPod& a) { return "LookUpPod " + a.name; },
                        [](const LookUpObject&) { return std::string("LookUpObject"); },
                        [](const LookUpRun& a) { return "LookUpRun " + api::ToText(a.run); },
                        [](const LoadOutputs& a) { return "LoadOutputs " + a.digest; },
                        [](const LookUpCache& a) { return "LookUpCache " + a.of; },
                        [](const ComputeForCache& a) { return "ComputeForCache " + a.of; },
                        [](const KeepInCache& a) { return "KeepInCache " + a.of; },
                        [](const LeaveCache& a) { return "LeaveCache " + a.of; },
                        [](const WriteRecord& a) { return "WriteRecord " + a.name; },
                        [](const WriteStatus& a) { return "WriteStatus " + json::Write(a.status); },
                        [](const DeleteObject&) { return std::string("DeleteObject"); },
                        [](const EmitEvent& a) { return fmt::format("EmitEvent {} {}", a.reason, a.message); },
                        [](const WakeAt& a) { return "WakeAt " + FormatMicroTime(a.time); },
                    },
                    action);
}

void PrintTo(const Action& action, std::ostream* out) {
  std::string text = Describe(action);
  out->write(text.data(), static_cast<std::streamsize>(text.size()));
}

}  // namespace coreflow::engine
