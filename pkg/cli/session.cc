#include "pkg/cli/session.h"

#include <fmt/format.h>

#include <utility>

#include "pkg/cli/local_steps.h"
#include "pkg/cli/waiter.h"

namespace coreflow::cli {

namespace {

std::string Place(const kube::Request& request) {
  return request.ns.empty() ? "" : fmt::format(" in namespace {}", request.ns);
}

std::string Denied(const kube::Request& request, const kube::ApiError& error) {
  const std::string verb = kube::VerbName(request.verb);
  return fmt::format(
      "you may not {} {}{}: {}\nIt takes a role with the rule {{apiGroups: [\"{}\"], resources: [\"{}\"], verbs: "
      "[\"{}\"]}}.",
      verb, FullName(request.resource), Place(request), error.error.message, request.resource.group,
      request.resource.plural, verb);
}

// A 404 that is about the kind, not about an object of it.
bool KindIsUnknown(const kube::ApiError& error) {
  return error.status == 404 && error.error.message.find("could not find the requested resource") != std::string::npos;
}

std::string ClusterFlags(const Arguments& arguments, const std::string& context) {
  std::string flags;
  if (!context.empty()) flags += " --context=" + context;
  if (arguments.Has("kubeconfig")) flags += " --kubeconfig=" + arguments.Text("kubeconfig");
  if (arguments.Has("as")) flags += " --as=" + arguments.Text("as");
  for (const std::string& group : arguments.All("as-group")) flags += " --as-group=" + group;
  return flags;
}

}  // namespace

std::string FullName(const kube::Resource& resource) {
  return resource.group.empty() ? std::string(resource.plural) : fmt::format("{}.{}", resource.plural, resource.group);
}

Result<std::unique_ptr<Session>> Session::Open(Environment& environment, const Arguments& arguments) {
  return Open(environment, arguments, arguments.Text("context"));
}

Result<std::unique_ptr<Session>> Session::Open(Environment& environment, const Arguments& arguments,
                                               const std::string& context) {
  auto connected = environment.connect({.kubeconfig = arguments.Text("kubeconfig"),
                                        .context = context,
                                        .as = arguments.Text("as"),
                                        .as_groups = arguments.All("as-group"),
                                        .local = arguments.Has("local"),
                                        .steps = LocalStepsOf(arguments)});
  if (!connected) return connected.error();
  Connection connection = *std::move(connected);
  std::string ns = arguments.Has("namespace") ? arguments.Text("namespace") : connection.ns;
  return std::unique_ptr<Session>(
      new Session(environment, std::move(connection), std::move(ns), ClusterFlags(arguments, context)));
}

Session::Session(Environment& environment, Connection connection, std::string ns, std::string cluster_flags)
    : environment_(environment),
      connection_(std::move(connection)),
      ns_(std::move(ns)),
      cluster_flags_(std::move(cluster_flags)),
      client_(environment.loop, *connection_.transport) {}

std::string Session::NextCommand(std::string_view words, const std::string& ns) const {
  return fmt::format("{} {}{}{}", environment_.program, words, ns == connection_.ns ? "" : " -n " + ns, cluster_flags_);
}

Result<json::Value> Session::Send(const Result<kube::Request>& request) {
  if (!request) return request.error();
  Waiter waiter(environment_);
  auto answer = std::make_shared<kube::Answer>();
  // A user waits: one more try is worth it, ten are not.
  const kube::SendOptions options{.deadline = deadline_, .max_retries = 1};
  const auto ticket = client_.Send(
      *request,
      [answer, done = waiter.OnDone()](kube::Answer came) {
        *answer = std::move(came);
        done();
      },
      options);
  if (waiter.Run() == WaitEnd::kInterrupted) {
    client_.Cancel(ticket);
    return Error{.code = Code::kCancelled, .message = "interrupted"};
  }
  if (answer->error) return Worded(*request, *answer->error);
  return std::move(answer->body);
}

Result<std::vector<json::Value>> Session::List(const kube::Resource& resource, const kube::Selection& selection) {
  std::vector<json::Value> items;
  kube::ListOptions options{.limit = 500};
  do {
    TRY(json::Value page, Send(kube::List(resource, selection, options)));
    for (const json::Value& item : page["items"].Elements()) {
      json::Object object = item.Members();
      object["apiVersion"] = kube::ApiVersion(resource);
      object["kind"] = resource.kind;
      items.emplace_back(std::move(object));
    }
    options.continue_token = page["metadata"]["continue"].StringOr("");
  } while (!options.continue_token.empty());
  return items;
}

Error Session::Worded(const kube::Request& request, const kube::ApiError& error) const {
  const Code code = error.error.code;
  if (code == Code::kCancelled) return error.error;
  if (code == Code::kForbidden) return {.code = code, .message = Denied(request, error)};
  if (error.status == 0 && code == Code::kUnavailable) {
    return {.code = code,
            .message = fmt::format("no answer from {} ({}): {}\nTo try CoreFlow without a cluster: {} dev. Another "
                                   "cluster: --context or --kubeconfig.",
                                   connection_.server, connection_.source, error.error.message, environment_.program)};
  }
  if (code == Code::kUnauthorized) {
    return {.code = code,
            .message = fmt::format("{} does not accept the credentials of {}: {}", connection_.server,
                                   connection_.source, error.error.message)};
  }
  if (KindIsUnknown(error) && request.resource.group == kube::kWorkflows.group) {
    return {.code = code,
            .message = fmt::format("{} does not know {}: CoreFlow is not installed there.\nIts kinds alone: {} crds | "
                                   "kubectl apply --server-side -f -",
                                   connection_.server, FullName(request.resource), environment_.program)};
  }
  return error.error;
}

}  // namespace coreflow::cli
