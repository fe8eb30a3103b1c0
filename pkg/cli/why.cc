#include <fmt/format.h>

#include "pkg/cli/commands.h"
#include "pkg/cli/explain_wait.h"
#include "pkg/cli/locate_run.h"
#include "pkg/cli/run_watch.h"
#include "pkg/cli/table.h"
#include "pkg/json/write.h"

namespace coreflow::cli {

namespace {

// A command of ours, or a sentence.
bool IsCommand(const std::string& next) { return next.empty() || next.front() < 'A' || next.front() > 'Z'; }

std::string NextOf(const Session& session, const std::string& ns, const std::string& next) {
  if (!IsCommand(next)) return next;
  return next.starts_with("kubectl ") ? next + session.cluster_flags() : session.NextCommand(next, ns);
}

std::string AsText(const Session& session, const std::string& ns, const Explanation& why) {
  std::string text = fmt::format("{} is {}: {}\n", why.subject, why.state, api::Token(why.reason));
  text += fmt::format("  {}\n", api::Info(why.reason).meaning);
  if (!why.message.empty()) text += fmt::format("  {}\n", OneLine(why.message));
  for (const std::string& fact : why.evidence) text += fmt::format("  - {}\n", OneLine(fact));
  for (const std::string& next : why.next) text += fmt::format("Next: {}\n", OneLine(NextOf(session, ns, next)));
  return text;
}

json::Value AsJson(const Session& session, const std::string& ns, const Explanation& why) {
  json::Array evidence;
  for (const std::string& fact : why.evidence) evidence.emplace_back(fact);
  json::Array next;
  for (const std::string& one : why.next) next.emplace_back(NextOf(session, ns, one));
  return json::Object{{"subject", why.subject},           {"state", why.state},
                      {"reason", api::Token(why.reason)}, {"class", api::Token(api::Info(why.reason).cls)},
                      {"message", why.message},           {"evidence", std::move(evidence)},
                      {"next", std::move(next)}};
}

Result<int> Why(Environment& environment, const Arguments& arguments) {
  TRY(LocatedRun located, LocateRun(environment, arguments, arguments.Word(0)));
  const auto& [session, run] = located;
  TRY(RunParts parts, ReadParts(*session, run));
  TRY(std::vector<EventLine> events, EventsOf(*session, run.key, run.object["metadata"]["uid"].StringOr("")));
  const RunView view = ViewOf(run.object, parts.records, parts.pods);
  std::vector<engine::PodView> pods;
  for (const json::Value& pod : parts.pods) pods.push_back(engine::ParsePod(pod));
  const Facts facts{.view = view, .object = run.object, .pods = pods, .events = events, .now = environment.loop.Now()};
  const std::string name = arguments.Word(1);
  TRY_VOID(CheckStep(view, name));
  const StepView* step = view.Find(name);
  const Explanation why = step ? WhyStep(facts, *step) : WhyRun(facts);
  environment.out(arguments.Text("output") == "json" ? json::WriteIndented(AsJson(*session, view.ns, why)) + "\n"
                                                     : AsText(*session, view.ns, why));
  return 0;
}

}  // namespace

Command WhyCommand() {
  return {.name = "why",
          .takes = "RUN [STEP]",
          .least = 1,
          .most = 2,
          .summary = "Says why a run or a step waits, failed or is slow, and what to do about it.",
          .details =
              "One reason of the closed list in docs/reasons.md, with the figures from the status, the pods and the "
              "events.",
          .example =
              "coreflow why word-count\n"
              "coreflow why word-count count\n"
              "coreflow why @failed -o json",
          .flags = {{.name = "output",
                     .letter = 'o',
                     .kind = FlagKind::kText,
                     .placeholder = "FORMAT",
                     .help = "what to print",
                     .choices = {"text", "json"}}},
          .several_contexts = true,
          .run = Why};
}

}  // namespace coreflow::cli
