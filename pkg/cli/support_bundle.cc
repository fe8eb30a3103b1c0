#include <fmt/format.h>

#include "pkg/api/types.gen.h"
#include "pkg/base/build_info.h"
#include "pkg/cli/bundle_writer.h"
#include "pkg/cli/collect_cluster.h"
#include "pkg/cli/commands.h"
#include "pkg/cli/diagnose.h"
#include "pkg/cli/exit_code.h"
#include "pkg/cli/operator_namespace.h"
#include "pkg/cli/session.h"
#include "pkg/json/write.h"

namespace coreflow::cli {

namespace {

constexpr char kReadme[] =
    R"(What `coreflow support-bundle` found, for whoever helps with CoreFlow. Look through it before you give it away.

index.txt              what is in here, and what could not be read and why
versions.json          of the command and of the API server
doctor.txt             what `coreflow doctor` says
crds/                  versions of the kinds of CoreFlow
operator/              the operator's Deployment, pods, Leases and fence; the ends of its logs; its metrics
namespaces/NAME/       Workflows, Jobs, WorkflowRecords, pods of steps, the claim, events, ConfigMaps

What is not in here: Secrets, which are not asked for; the logs of steps; artifacts.

What was left out of the rest: of each object only fields are kept that CoreFlow knows to be harmless. Every other value
is replaced by a note of its length: parameters, arguments, outputs, values of environment variables, scripts, commands,
texts in expressions, annotations, labels of others, data of ConfigMaps. What was left out of an object is also masked
where messages, events and logs repeat it, if it has at least 6 bytes. Texts are searched for what looks like a password
or token. Names of objects, steps, parameters, outputs, environment variables, keys of ConfigMaps, images, addresses of
nodes and pods are kept.
)";

std::string FileName(Time now) {
  std::string time = FormatTime(now);
  std::erase_if(time, [](char c) { return c == ':' || c == '-'; });
  return fmt::format("coreflow-support-{}.tar.gz", time);
}

// Whether the server answers: if not, there is no use in waiting for each of the other answers.
Result<bool> AddVersions(Session& session, const redaction::Redactor& redactor, BundleWriter& bundle) {
  constexpr kube::Resource kVersion{.plural = "version", .namespaced = false};
  const auto server = session.Send(kube::Request{.resource = kVersion, .http = {.target = "/version"}});
  const bool silent = !server && server.error().code == Code::kUnavailable;
  if (!server) {
    const std::string what = silent ? "all of the cluster" : "the version of the API server";
    TRY_VOID(NoteMissing(what, server.error(), redactor, bundle));
  }
  const json::Value versions = json::Object{
      {"coreflow", json::Object{{"version", Version()}, {"revision", Revision()}, {"api", api::kApiVersion}}},
      {"server", server ? *server : json::Value()}};
  TRY_VOID(bundle.Add({"versions.json"}, json::WriteIndented(versions) + "\n"));
  return !silent;
}

Result<void> Fill(Session& session, const Arguments& arguments, BundleWriter& bundle) {
  redaction::Redactor redactor;
  TRY_VOID(bundle.Add({"README.txt"}, kReadme));
  TRY(const bool answers, AddVersions(session, redactor, bundle));
  if (!answers) return bundle.Finish();
  TRY(const Diagnosis found, Diagnose(session));
  TRY(std::string operator_ns, OperatorNamespace(session, arguments.Text("operator-namespace"), session.ns()));
  const BundleScope scope{.ns = arguments.Has("all-namespaces") ? "" : session.ns(),
                          .operator_ns = std::move(operator_ns)};
  TRY_VOID(CollectCluster(session, scope, redactor, bundle));
  TRY_VOID(bundle.Add({"doctor.txt"}, redactor.Show(found.text)));
  if (redactor.overwhelmed()) {
    bundle.Omit("a search for some values", "there were too many that were left out; texts may repeat them");
  }
  return bundle.Finish();
}

Result<int> SupportBundle(Environment& environment, const Arguments& arguments) {
  if (!environment.create_file) return Error{.code = Code::kInvalid, .message = "this program can't write files"};
  TRY(auto session, Session::Open(environment, arguments));
  const std::string path = arguments.Has("output") ? arguments.Text("output") : FileName(environment.loop.Now());
  TRY(const auto file, environment.create_file(path));
  BundleWriter bundle(*file);
  TRY_VOID(Fill(*session, arguments, bundle));
  TRY_VOID(file->Finish());
  environment.out(path + "\n");
  environment.err(
      fmt::format("{} files; {} things could not be had: index.txt in it says which. Values were left out, "
                  "README.txt says how.\nLook through it before you give it away.\n",
                  bundle.files(), bundle.omitted()));
  return kDone;
}

}  // namespace

Command SupportBundleCommand() {
  return {.name = "support-bundle",
          .summary = "Packs what somebody needs who is to help, without your values.",
          .details =
              "Versions, the doctor's findings, the operator's objects, logs and metrics, and the runs, records, pods "
              "and events of a\nnamespace. Secrets are never read. Of objects, values are left out: parameters, "
              "environment, outputs, scripts,\nannotations, ConfigMaps. Texts are searched for them and for what looks "
              "like a password. What you may not read is\nnoted in the archive. It may take up to 256 MiB before it is "
              "compressed. Prints the name of the file.",
          .example =
              "coreflow support-bundle -n ci\n"
              "coreflow support-bundle -A -o bundle.tar.gz",
          .flags = {{.name = "output",
                     .letter = 'o',
                     .kind = FlagKind::kText,
                     .placeholder = "FILE",
                     .help = "the archive, which must not be there yet; coreflow-support-TIME.tar.gz"},
                    {.name = "all-namespaces", .letter = 'A', .help = "runs of all namespaces"},
                    OperatorNamespaceFlag()},
          .run = SupportBundle};
}

}  // namespace coreflow::cli
