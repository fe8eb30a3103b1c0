#include <fmt/format.h>

#include <algorithm>

#include "pkg/cli/await_run.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/follow_logs.h"
#include "pkg/cli/follow_run.h"
#include "pkg/cli/format.h"
#include "pkg/cli/local_steps.h"
#include "pkg/cli/manifest.h"
#include "pkg/cli/object_printer.h"
#include "pkg/cli/request_run.h"

namespace coreflow::cli {

namespace {

int Wrong(Environment& environment, const std::string& what) {
  environment.err(fmt::format("{}: {}\n", environment.program, what));
  return kWrongUse;
}

// What a control plane of this command's own runs ends with the command.
bool Follows(const Arguments& arguments) {
  return arguments.Has("wait") || arguments.Has("watch") || arguments.Has("logs") || arguments.Has("local");
}

// What the flags say that can't be, or nothing.
std::string Contradiction(const Arguments& arguments) {
  if (arguments.Has("wait") + arguments.Has("watch") + arguments.Has("logs") > 1) {
    return "--wait, --watch and --logs exclude each other";
  }
  const bool follows = Follows(arguments);
  if (const auto printer = ObjectPrinter::Make(arguments); !printer) return printer.error().message;
  if (const std::string wrong = WrongLocalFlags(arguments, arguments.Has("local")); !wrong.empty()) return wrong;
  if (follows && arguments.Has("dry-run")) return "a dry run makes nothing to wait for";
  if (arguments.Has("name") && arguments.Has("generate-name")) return "--name and --generate-name exclude each other";
  const bool shows = arguments.Has("watch") || arguments.Has("logs");
  if (shows && IsOfObjects(FormatOf(arguments))) return "-o with --watch or --logs would mix two outputs; use --wait";
  return "";
}

// As -o asks for; as YAML where it asks for no objects.
Result<std::string> Printed(const Arguments& arguments, const std::vector<json::Value>& objects) {
  TRY(ObjectPrinter printer, ObjectPrinter::Make(arguments));
  return printer.Print(objects, false);
}

// What was made or asked for, and how it is told.
struct Started {
  std::vector<FoundRun> runs = {};
  std::string verbed = {};  // "created"
};

// The object as it is to be created.
Result<json::Value> Prepare(const json::Value& read, const Arguments& arguments, const std::string& ns) {
  TRY(json::Value object, WithArguments(read, arguments.All("parameter")));
  if (arguments.Has("name")) object = WithMetadata(object, "name", arguments.Text("name"));
  if (arguments.Has("name")) object = WithMetadata(object, "generateName", {});
  if (arguments.Has("generate-name") && !NameOf(object).empty()) {
    object = WithMetadata(object, "generateName", NameOf(object) + "-");
    object = WithMetadata(object, "name", {});
  }
  if (NamespaceOf(object).empty() && !ns.empty()) object = WithMetadata(object, "namespace", ns);
  // Its pods go with the control plane; until then their logs can be read, however short they were.
  if (arguments.Has("local") && object["spec"]["podCleanup"].IsNull()) {
    object = With(object, "spec", "podCleanup", "Never");
  }
  if (const std::string problems = ProblemsOf(object); !problems.empty()) {
    return Error{
        .code = Code::kInvalid,
        .message = fmt::format("{} would not run: {}", NameOf(object).empty() ? "it" : NameOf(object), problems)};
  }
  return object;
}

Error AboutExisting(const Environment& environment, const json::Value& object, Error error) {
  if (error.code != Code::kAlreadyExists) return error;
  error.message = fmt::format(
      "{0} exists already. Run it once more: {1} run {2}. Change it: {1} apply. Another one of it: --generate-name.",
      QualifiedName(object), environment.program, NameOf(object));
  return error;
}

Result<Started> CreateAll(Session& session, const std::vector<json::Value>& objects, bool dry_run) {
  Started started{.verbed = dry_run ? "created (server dry run)" : "created"};
  for (const json::Value& object : objects) {
    const kube::Resource resource = ResourceOf(object);
    auto made = session.Send(
        kube::Create(resource, NamespaceOf(object), object, {.field_manager = kFieldManager, .dry_run = dry_run}));
    if (!made) return AboutExisting(session.environment(), object, made.error());
    started.runs.push_back(
        {.resource = resource, .key = {.ns = NamespaceOf(*made), .name = NameOf(*made)}, .object = *made});
  }
  return started;
}

Result<int> Follow(Session& session, const FoundRun& run, const Arguments& arguments) {
  Environment& environment = session.environment();
  const bool watches = arguments.Has("local") && !arguments.Has("wait") && !arguments.Has("logs");
  if (arguments.Has("watch") || watches) {
    return FollowRun(session, run, StyleNamed(environment, arguments.Text("progress")));
  }
  if (arguments.Has("logs")) return FollowLogs(session, run, {.follow = true, .prefix = true});
  TRY(Awaited awaited, AwaitRun(session, run, {.timeout = arguments.Span("timeout"), .done = RunIsOver}));
  if (awaited.end != WaitEnd::kDone) return GiveUp(session, awaited);
  TRY(std::string text, Printed(arguments, {awaited.object}));
  environment.out(IsOfObjects(FormatOf(arguments)) ? text : ResultLine(awaited.object));
  return ExitCodeOfRun(awaited.object);
}

Result<int> Tell(Session& session, const Started& started, const Arguments& arguments) {
  Environment& environment = session.environment();
  const Format format = FormatOf(arguments);
  const bool follows = Follows(arguments);
  if (IsOfObjects(format) && !follows) {
    std::vector<json::Value> objects;
    for (const FoundRun& run : started.runs) objects.push_back(run.object);
    TRY(const std::string text, Printed(arguments, objects));
    environment.out(text);
    return kDone;
  }
  if (!IsOfObjects(format)) {
    for (const FoundRun& run : started.runs) {
      environment.out(fmt::format("{} {}\n", QualifiedName(run.object), started.verbed));
    }
  }
  if (!follows && !arguments.Has("dry-run")) {
    const kube::ObjectKey& last = started.runs.back().key;
    environment.err(fmt::format("Next: {}\n", session.NextCommand("watch " + last.name, last.ns)));
  }
  int code = kDone;
  for (const FoundRun& run : started.runs) {
    if (!follows) break;
    TRY(const int ended, Follow(session, run, arguments));
    if (code == kDone) code = ended;
  }
  return code;
}

Result<int> RunFile(Environment& environment, const Arguments& arguments, const std::vector<json::Value>& read) {
  if (read.size() > 1 && (arguments.Has("name") || arguments.Has("parameter"))) {
    return Wrong(environment, "--name and --parameter are for a file of one object");
  }
  // Without a cluster: the namespace stays open.
  if (arguments.Text("dry-run") == "client") {
    std::vector<json::Value> objects;
    for (const json::Value& one : read) {
      TRY(json::Value object, Prepare(one, arguments, arguments.Text("namespace")));
      objects.push_back(std::move(object));
    }
    TRY(const std::string text, Printed(arguments, objects));
    environment.out(text);
    return kDone;
  }
  TRY(auto session, Session::Open(environment, arguments));
  std::vector<json::Value> objects;
  for (const json::Value& one : read) {
    TRY(json::Value object, Prepare(one, arguments, session->ns()));
    if (arguments.Has("namespace") && NamespaceOf(object) != session->ns()) {
      return Wrong(environment,
                   fmt::format("{} is of namespace {}, not {}", NameOf(object), NamespaceOf(object), session->ns()));
    }
    objects.push_back(std::move(object));
  }
  TRY(Started started, CreateAll(*session, objects, arguments.Has("dry-run")));
  return Tell(*session, started, arguments);
}

Result<int> RunExisting(Environment& environment, const Arguments& arguments) {
  if (arguments.Has("name") || arguments.Has("generate-name")) {
    return Wrong(environment, "--name and --generate-name are for files");
  }
  if (arguments.Text("dry-run") == "client") return Wrong(environment, "--dry-run=client is for files");
  TRY(auto session, Session::Open(environment, arguments));
  TRY(FoundRun run, FindRun(*session, arguments.Word(0)));
  const bool dry_run = arguments.Has("dry-run");
  TRY(FoundRun asked, RequestRun(*session, run, {.arguments = arguments.All("parameter"), .dry_run = dry_run}));
  return Tell(*session, {.runs = {asked}, .verbed = dry_run ? "run requested (server dry run)" : "run requested"},
              arguments);
}

bool LooksLikeAFile(const std::string& word) {
  return word.ends_with(".yaml") || word.ends_with(".yml") || word.ends_with(".json") || word.starts_with("./") ||
         word.starts_with("/") || word.starts_with("../");
}

Result<int> RunCommandLine(Environment& environment, const Arguments& arguments) {
  if (const std::string wrong = Contradiction(arguments); !wrong.empty()) return Wrong(environment, wrong);
  const std::string word = arguments.Word(0);
  auto read = ReadManifest(environment, word);
  if (read) return RunFile(environment, arguments, *read);
  if (read.error().code == Code::kNotFound && !LooksLikeAFile(word)) return RunExisting(environment, arguments);
  return read.error();
}

}  // namespace

Command RunCommand() {
  Command command{
      .name = "run",
      .takes = "FILE|-|RUN",
      .least = 1,
      .most = 1,
      .summary = "Starts what a file describes, or what exists once more.",
      .details =
          "Of a file (or stdin, with -) every Workflow and Job is created. The name of one that exists asks for one "
          "more\nrun of it. Values of parameters are read as the type that spec.parameters gives them.",
      .example =
          "coreflow run word-count.yaml -p shards=8 --watch\n"
          "coreflow run word-count.yaml --generate-name --wait -o json\n"
          "coreflow run word-count -p shards=2\n"
          "coreflow run hello.yaml --dry-run=client",
      .flags = {{.name = "parameter",
                 .letter = 'p',
                 .kind = FlagKind::kList,
                 .placeholder = "NAME=VALUE",
                 .help = "a value for a parameter; may be repeated"},
                {.name = "name", .kind = FlagKind::kText, .placeholder = "NAME", .help = "another name"},
                {.name = "generate-name", .help = "the name with a random ending"},
                {.name = "wait", .help = "until it has ended; the exit code says how"},
                {.name = "watch", .letter = 'w', .help = "the same, with its progress"},
                {.name = "logs", .help = "the same, with what its steps write"},
                {.name = "local",
                 .help =
                     "on a control plane that lives no longer than this command; follows the run, see coreflow dev"},
                ProgressFlag(),
                {.name = "timeout",
                 .kind = FlagKind::kDuration,
                 .placeholder = "TIME",
                 .help = "with --wait: no longer than this"},
                {.name = "dry-run",
                 .kind = FlagKind::kText,
                 .placeholder = "WHERE",
                 .help = "only show what would be created, or have the server check it",
                 .choices = {"client", "server"}},
                OutputFlag()},
      .run = RunCommandLine};
  for (Flag& flag : LocalStepFlags()) command.flags.push_back(std::move(flag));
  return command;
}

}  // namespace coreflow::cli
