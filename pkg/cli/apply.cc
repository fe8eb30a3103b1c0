#include <fmt/format.h>

#include "pkg/cli/await_run.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/format.h"
#include "pkg/cli/manifest.h"

namespace coreflow::cli {

namespace {

std::string VersionOf(const json::Value& object) { return object["metadata"]["resourceVersion"].StringOr(""); }

Result<FoundRun> ApplyOne(Session& session, const json::Value& read, const Arguments& arguments) {
  json::Value object = NamespaceOf(read).empty() ? WithMetadata(read, "namespace", session.ns()) : read;
  if (NameOf(object).empty()) {
    return Error{.code = Code::kInvalid,
                 .message = fmt::format("apply needs a metadata.name; '{} run' takes a generateName",
                                        session.environment().program)};
  }
  if (arguments.Has("namespace") && NamespaceOf(object) != session.ns()) {
    return Error{
        .code = Code::kInvalid,
        .message = fmt::format("{} is of namespace {}, not {}", NameOf(object), NamespaceOf(object), session.ns())};
  }
  if (const std::string problems = ProblemsOf(object); !problems.empty()) {
    return Error{.code = Code::kInvalid, .message = fmt::format("{} would not run: {}", NameOf(object), problems)};
  }
  const bool dry_run = arguments.Has("dry-run");
  const kube::Resource resource = ResourceOf(object);
  const kube::ObjectKey key{.ns = NamespaceOf(object), .name = NameOf(object)};
  const auto before = session.Send(kube::Get(resource, key));
  if (!before && before.error().code != Code::kNotFound) return before.error();
  TRY(json::Value after, session.Send(kube::Patch(resource, key, object,
                                                  {.type = kube::PatchType::kApply,
                                                   .write = {.field_manager = kFieldManager, .dry_run = dry_run},
                                                   .force = arguments.Has("force-conflicts")})));
  const char* verbed = !before ? "created"
                       : VersionOf(*before) == VersionOf(after) && before->operator[]("spec") == after["spec"]
                           ? "unchanged"
                           : "configured";
  session.environment().out(fmt::format("{} {}{}\n", QualifiedName(after), verbed, dry_run ? " (server dry run)" : ""));
  return FoundRun{.resource = resource, .key = key, .object = std::move(after)};
}

Result<int> Apply(Environment& environment, const Arguments& arguments) {
  std::vector<std::string> files = arguments.All("filename");
  files.insert(files.end(), arguments.words.begin(), arguments.words.end());
  if (files.empty()) {
    environment.err(fmt::format("{}: apply needs FILE\n", environment.program));
    return kWrongUse;
  }
  std::vector<json::Value> objects;
  for (const std::string& file : files) {
    TRY(std::vector<json::Value> read, ReadManifest(environment, file));
    objects.insert(objects.end(), read.begin(), read.end());
  }
  TRY(auto session, Session::Open(environment, arguments));
  std::vector<FoundRun> runs;
  for (const json::Value& object : objects) {
    TRY(FoundRun run, ApplyOne(*session, object, arguments));
    runs.push_back(std::move(run));
  }
  int code = kDone;
  for (const FoundRun& run : runs) {
    if (!arguments.Has("wait") || arguments.Has("dry-run")) break;
    TRY(Awaited awaited, AwaitRun(*session, run, {.timeout = arguments.Span("timeout"), .done = RunIsOver}));
    if (awaited.end != WaitEnd::kDone) return GiveUp(*session, awaited);
    environment.out(ResultLine(awaited.object));
    if (code == kDone) code = ExitCodeOfRun(awaited.object);
  }
  return code;
}

}  // namespace

Command ApplyCommand() {
  return {.name = "apply",
          .takes = "FILE...",
          .least = 0,
          .most = kAnyNumber,
          .summary = "Brings Workflows and Jobs to what files say; what changes a run starts one.",
          .details =
              "Server-side apply: fields that others own are a conflict, unless --force-conflicts takes them over. "
              "Nothing is\nsent when any of the files has a problem that the operator would refuse.",
          .example =
              "coreflow apply word-count.yaml --wait\n"
              "coreflow apply -f - --dry-run=server",
          .flags = {{.name = "filename",
                     .letter = 'f',
                     .kind = FlagKind::kList,
                     .placeholder = "FILE",
                     .help = "the same as FILE; - is stdin"},
                    {.name = "dry-run",
                     .kind = FlagKind::kText,
                     .placeholder = "WHERE",
                     .help = "have it checked and change nothing",
                     .choices = {"server"}},
                    {.name = "force-conflicts", .help = "take over fields that others own"},
                    {.name = "wait", .help = "until what was asked for has ended; the exit code says how"},
                    {.name = "timeout",
                     .kind = FlagKind::kDuration,
                     .placeholder = "TIME",
                     .help = "with --wait: no longer than this"}},
          .run = Apply};
}

}  // namespace coreflow::cli
