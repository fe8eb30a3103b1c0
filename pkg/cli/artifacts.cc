#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "pkg/base/closest.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/download.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/find_run.h"
#include "pkg/cli/operator_namespace.h"
#include "pkg/cli/run_view.h"
#include "pkg/cli/run_watch.h"
#include "pkg/cli/table.h"
#include "pkg/json/bind.h"
#include "pkg/json/write.h"
#include "pkg/yaml/write.h"

namespace coreflow::cli {

namespace {

constexpr size_t kDigestShown = sizeof("sha256:0123456789ab") - 1;
constexpr std::array<std::string_view, 4> kFormats = {"table", "json", "yaml", "name"};
constexpr std::array<std::string_view, 4> kOfGet = {"item", "unpack", "force", "operator-namespace"};

Error Invalid(std::string message) { return {.code = Code::kInvalid, .message = std::move(message)}; }

// "train", or "train[3]".
std::string LabelOf(const StepView& step, const ItemView& item) {
  return item.index ? fmt::format("{}[{}]", step.name, *item.index) : step.name;
}

int WrongUse(Environment& environment, const std::string& message) {
  environment.err(fmt::format("{}: {}\n", environment.program, message));
  return kWrongUse;
}

// What a run has left, in the formats of -o.
struct Listing {
  Table table{{"STEP", "ITEM", "NAME", "BYTES", "ARCHIVE", "DIGEST"}};
  std::string names = {};
  json::Array list = {};

  void Add(const StepView& step, const ItemView& item) {
    for (const auto& [name, artifact] : item.artifacts) {
      const std::string digest = artifact::FormatDigest(artifact.digest);
      const std::string archive(json::EnumName(artifact.archive));
      table.Add({step.name, item.index ? std::to_string(*item.index) : "-", OneLine(name),
                 std::to_string(artifact.bytes), archive, digest.substr(0, kDigestShown)});
      names += fmt::format("{}/{}\n", LabelOf(step, item), OneLine(name));
      json::Object object{
          {"step", step.name}, {"name", name}, {"bytes", artifact.bytes}, {"archive", archive}, {"digest", digest}};
      if (item.index) object["item"] = *item.index;
      list.emplace_back(std::move(object));
    }
  }
};

// A run, and what is known of it.
struct SeenRun {
  std::unique_ptr<Session> session;
  FoundRun run = {};
  RunView view = {};
};

Result<SeenRun> See(Environment& environment, const Arguments& arguments) {
  SeenRun seen;
  TRY(seen.session, Session::Open(environment, arguments));
  TRY(seen.run, FindRun(*seen.session, arguments.Word(1)));
  TRY(const RunParts parts, ReadParts(*seen.session, seen.run));
  seen.view = ViewOf(seen.run.object, parts.records, parts.pods);
  return seen;
}

Result<int> List(Environment& environment, const Arguments& arguments) {
  const std::string format = arguments.Has("output") ? arguments.Text("output") : "table";
  if (std::ranges::find(kFormats, format) == kFormats.end()) {
    return WrongUse(environment,
                    fmt::format("--output of artifacts list is one of {}, not {}", fmt::join(kFormats, ", "), format));
  }
  for (const std::string_view flag : kOfGet) {
    if (arguments.Has(flag)) return WrongUse(environment, fmt::format("--{} is for artifacts get", flag));
  }
  if (arguments.words.size() > 3) return WrongUse(environment, "artifacts list takes RUN [STEP]");
  TRY(const SeenRun seen, See(environment, arguments));
  const std::string named = arguments.Word(2);
  TRY_VOID(CheckStep(seen.view, named));
  Listing listing;
  for (const StepView& step : seen.view.steps) {
    if (!named.empty() && step.name != named) continue;
    for (const ItemView& item : step.items) listing.Add(step, item);
  }
  if (format == "json") {
    environment.out(json::WriteIndented(std::move(listing.list)) + "\n");
  } else if (format == "yaml") {
    environment.out(yaml::Write(std::move(listing.list)));
  } else if (format == "name") {
    environment.out(listing.names);
  } else if (listing.table.empty()) {
    environment.err(fmt::format("{}/{} has left no artifacts\n", seen.view.name, seen.view.number));
  } else {
    environment.out(listing.table.Text());
  }
  return kDone;
}

// The item that the user means, of those that have left something.
Result<const ItemView*> ChooseItem(const StepView& step, std::optional<int64_t> index) {
  if (!step.has_items && index) return Invalid(fmt::format("step {} has no items", step.name));
  if (step.has_items && !index) {
    return Invalid(fmt::format("step {} has items, counted from 0: --item says which", step.name));
  }
  const auto found = std::ranges::find(step.items, index, &ItemView::index);
  if (found != step.items.end()) return &*found;
  return Error{.code = Code::kNotFound,
               .message = index ? fmt::format("step {} has no item {} yet", step.name, *index)
                                : fmt::format("step {} has not started", step.name)};
}

Result<artifact::Artifact> ChooseArtifact(const StepView& step, const ItemView& item, const std::string& name) {
  const auto found = item.artifacts.find(name);
  if (found != item.artifacts.end()) return found->second;
  std::vector<std::string_view> names;
  for (const auto& [known, artifact] : item.artifacts) names.emplace_back(known);
  const std::string has = names.empty() ? "; it has left none" : DidYouMean(name, names);
  return Error{.code = Code::kNotFound,
               .message = fmt::format("{} has left no artifact {}{}", LabelOf(step, item), name, has)};
}

// A file in the folder where we are. Names come from objects, so from anybody.
Result<std::string> FileFor(const std::string& name, api::Archive archive) {
  const std::string base = name.starts_with('$') ? name.substr(1) : name;
  const bool plain = std::ranges::all_of(base, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  if (base.empty() || base.starts_with('-') || !plain) {
    return Invalid("its name is no name for a file: --output says where it goes");
  }
  switch (archive) {
    case api::Archive::kTar: return base + ".tar";
    case api::Archive::kTarZstd: return base + ".tar.zst";
    case api::Archive::kNone: break;
  }
  return base;
}

Result<Destination> DestinationOf(const Arguments& arguments, const std::string& name, api::Archive archive) {
  Destination destination{.folder = arguments.Text("unpack"), .replace = arguments.Has("force")};
  if (arguments.Has("unpack")) {
    if (archive == api::Archive::kNone)
      return Invalid(name + " is one file and no archive: --output says where it goes");
    if (destination.folder.empty()) return Invalid("--unpack needs the name of a folder");
    return destination;
  }
  destination.file = arguments.Text("output");
  if (destination.file.empty()) {
    TRY(destination.file, FileFor(name, archive));
  }
  return destination;
}

Result<int> Get(Environment& environment, const Arguments& arguments) {
  if (arguments.words.size() != 4) return WrongUse(environment, "artifacts get takes RUN STEP NAME");
  if (arguments.Has("unpack") && (arguments.Has("output") || arguments.Has("force"))) {
    return WrongUse(environment, "--unpack makes a folder: it goes with neither --output nor --force");
  }
  if (!environment.download_file || !environment.unpack_folder) return Invalid("this program can't write files");
  TRY(const SeenRun seen, See(environment, arguments));
  const std::string name = arguments.Word(3);
  TRY_VOID(CheckStep(seen.view, arguments.Word(2)));
  const StepView& step = *seen.view.Find(arguments.Word(2));
  TRY(const ItemView* item, ChooseItem(step, arguments.Number("item")));
  TRY(const artifact::Artifact artifact, ChooseArtifact(step, *item, name));
  TRY(const Destination destination, DestinationOf(arguments, name, artifact.archive));
  TRY(const std::string operator_ns,
      OperatorNamespace(*seen.session, arguments.Text("operator-namespace"), seen.run.key.ns));
  TRY(const StoreReader reader, StoreReader::Open(*seen.session, seen.run.key.ns, operator_ns));
  TRY_VOID(Download(environment, reader, artifact, destination));
  const std::string& path = destination.file.empty() ? destination.folder : destination.file;
  if (path != "-") environment.out(path + "\n");
  return kDone;
}

Result<int> Artifacts(Environment& environment, const Arguments& arguments) {
  const std::string what = arguments.Word(0);
  if (what == "list") return List(environment, arguments);
  if (what == "get") return Get(environment, arguments);
  return WrongUse(environment, fmt::format("there is no artifacts {}{}", what, DidYouMean(what, {"list", "get"})));
}

}  // namespace

Command ArtifactsCommand() {
  return {
      .name = "artifacts",
      .takes = "list|get RUN [STEP [NAME]]",
      .least = 2,
      .most = 4,
      .summary = "Lists the artifacts of a run, and takes them out of the store.",
      .details =
          "'get' writes one to a file, which has its name only when all of it is there and its digest is right, and "
          "prints the\nname; --unpack makes a folder of what was packed. It asks CoreFlow's data service through "
          "the API server, with a\ntoken for the service account coreflow-reader of the run's namespace, which it "
          "makes once if you may. Outputs of more\nthan 4 KiB are the artifact '$outputs', a kept log is '$log'.",
      .example =
          "coreflow artifacts list @latest\n"
          "coreflow artifacts get train-7 train model --unpack=model\n"
          "coreflow artifacts get train-7 shard part --item=3 -o - | sha256sum",
      .flags = {{.name = "output",
                 .letter = 'o',
                 .kind = FlagKind::kText,
                 .placeholder = "WHAT",
                 .help = "of list: table, json, yaml or name; of get: the file, - for stdout, else the artifact's "
                         "name here"},
                {.name = "item", .kind = FlagKind::kNumber, .placeholder = "N", .help = "which of a step's items"},
                {.name = "unpack",
                 .kind = FlagKind::kText,
                 .placeholder = "FOLDER",
                 .help = "unpack it into a folder, which must be empty if it is there"},
                {.name = "force", .help = "replace a file of that name"},
                OperatorNamespaceFlag()},
      .run = Artifacts};
}

}  // namespace coreflow::cli
