#include "pkg/cli/await_run.h"

#include <fmt/format.h>

#include "pkg/cli/exit_code.h"
#include "pkg/cli/format.h"
#include "pkg/cli/run_row.h"
#include "pkg/cli/run_view.h"
#include "pkg/cli/table.h"
#include "pkg/json/write.h"

namespace coreflow::cli {

Result<Awaited> AwaitRun(Session& session, const FoundRun& run, const AwaitOptions& options) {
  Environment& environment = session.environment();
  Waiter waiter(environment);
  RunWatch* watching = nullptr;
  bool held = false;
  const auto look = [&, finish = waiter.OnDone()] {
    const std::string state = StateOf(watching->object());
    if (state == "Suspended" && !held) {
      environment.err(fmt::format("{} is suspended: {}\n", run.key.name,
                                  session.NextCommand("resume " + run.key.name, run.key.ns)));
    }
    held = state == "Suspended";
    if (watching->failure() || watching->gone() || options.done(*watching)) finish();
  };
  RunWatch watch(session, run,
                 {.parts = options.parts, .on_change = look, .on_trouble = [&](const std::string& message) {
                    environment.err(message + "\nStill trying.\n");
                  }});
  watching = &watch;
  const WaitEnd end = waiter.Run(options.timeout);
  if (watch.failure()) return *watch.failure();
  if (watch.gone()) {
    return Error{.code = Code::kNotFound, .message = QualifiedName(run.object) + " was deleted"};
  }
  return Awaited{.end = end, .object = watch.object()};
}

bool RunIsOver(const RunWatch& watch) { return IsOver(watch.object()); }

int ExitCodeOfRun(const json::Value& object) {
  const std::string state = StateOf(object);
  return state == "Succeeded" ? kDone : state == "Stopped" ? kRunStopped : kRunFailed;
}

std::string ResultLine(const json::Value& object) {
  const json::Value& succeeded = SucceededCondition(object);
  const std::string state = StateOf(object);
  const std::string reason = succeeded["reason"].StringOr("");
  std::string line = fmt::format("{} {}", QualifiedName(object), state);
  if (reason != state && !reason.empty()) line += fmt::format(" ({})", reason);
  if (const std::string message = succeeded["message"].StringOr(""); !message.empty()) line += ": " + message;
  return line + "\n";
}

std::string OutputLines(const json::Value& object) {
  constexpr size_t kMost = 200;
  std::string lines;
  for (const json::Value& output : object["status"]["outputs"].Elements()) {
    std::string value = json::Write(output["value"]);
    if (value.size() > kMost) {
      size_t end = kMost;
      while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0) == 0x80) --end;  // whole characters
      value = value.substr(0, end) + "…";
    }
    lines += fmt::format("  {} = {}\n", output["name"].StringOr(""), OneLine(value));
  }
  return lines;
}

int GiveUp(Session& session, const Awaited& awaited) {
  const json::Value& run = awaited.object;
  const std::string next = session.ends_with_us() ? "it ends with this command"
                                                  : session.NextCommand("watch " + NameOf(run), NamespaceOf(run));
  session.environment().err(fmt::format("{} is still {}, {} done: {}\n", QualifiedName(run), StateOf(run),
                                        run["status"]["progress"].StringOr("nothing"), next));
  return awaited.end == WaitEnd::kTimedOut ? kTimedOut : kInterrupted;
}

}  // namespace coreflow::cli
