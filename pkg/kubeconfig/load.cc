#include "pkg/kubeconfig/load.h"

#include <algorithm>
#include <map>
#include <utility>

#include "pkg/http/base_url.h"
#include "pkg/kubeconfig/entry.h"
#include "pkg/kubeconfig/read_file.h"
#include "pkg/yaml/yaml.h"

namespace coreflow::kubeconfig {

namespace {

// All files as one. Of entries with the same name the first stays.
struct Merged {
  std::map<std::string, Entry> clusters;
  std::map<std::string, Entry> users;
  std::map<std::string, Entry> contexts;
  std::map<std::string, std::string> file_of_context;
  std::string current_context;
  std::vector<std::string> files;  // those that exist
};

Result<void> Collect(const Entry& file, std::string_view list, std::string_view field,
                     std::map<std::string, Entry>* entries) {
  TRY(auto children, file.Children(list));
  for (const Entry& child : children) {
    TRY(std::string name, child.Text("name"));
    TRY(Entry entry, child.Child(field));
    entries->emplace(std::move(name), std::move(entry));
  }
  return {};
}

Result<void> Merge(const std::string& path, const std::string& text, Merged* merged) {
  auto value = yaml::FromYaml(text);
  if (!value) return Error{.code = Code::kInvalid, .message = path + ": " + value.error().message};
  if (!value->IsNull() && !value->IsObject()) {
    return Error{.code = Code::kInvalid, .message = path + ": expected an object, found " + value->TypeName()};
  }
  size_t slash = path.rfind('/');
  std::string directory = slash == std::string::npos ? "" : slash == 0 ? "/" : path.substr(0, slash);
  Entry file(*std::move(value), path + ": ", directory);
  size_t before = merged->contexts.size();
  TRY_VOID(Collect(file, "clusters", "cluster", &merged->clusters));
  TRY_VOID(Collect(file, "users", "user", &merged->users));
  TRY_VOID(Collect(file, "contexts", "context", &merged->contexts));
  if (merged->contexts.size() != before) {
    for (const auto& [name, context] : merged->contexts) merged->file_of_context.emplace(name, path);
  }
  TRY(std::string current, file.Text("current-context"));
  if (merged->current_context.empty()) merged->current_context = current;
  merged->files.push_back(path);
  return {};
}

std::string Names(const std::map<std::string, Entry>& entries) {
  std::string names;
  for (const auto& [name, entry] : entries) names += (names.empty() ? "\"" : ", \"") + name + "\"";
  return names.empty() ? "none" : names;
}

Result<Entry> Find(const std::map<std::string, Entry>& entries, const std::string& name, const char* kind,
                   const Entry& context) {
  auto found = entries.find(name);
  if (found != entries.end()) return found->second;
  return context.Bad(kind, "there is no " + std::string(kind) + " \"" + name + "\" (there is: " + Names(entries) + ")");
}

Result<void> ReadCluster(const Entry& cluster, Config* config) {
  TRY(config->server, cluster.Text("server"));
  if (config->server.empty()) return cluster.Bad("server", "is missing");
  if (auto url = http::ParseBaseUrl(config->server); !url) return cluster.Bad("server", url.error().message);
  TRY(config->tls_server_name, cluster.Text("tls-server-name"));
  TRY(config->insecure_skip_tls_verify, cluster.Flag("insecure-skip-tls-verify"));
  TRY(config->ca_data, cluster.Data("certificate-authority-data"));
  TRY(config->ca_file, cluster.Path("certificate-authority"));
  if (!config->ca_data.empty()) config->ca_file.clear();
  if (config->insecure_skip_tls_verify && !(config->ca_data + config->ca_file).empty()) {
    return cluster.Bad("insecure-skip-tls-verify", "must not stand beside a certificate authority");
  }
  TRY(config->proxy_url, cluster.Text("proxy-url"));
  if (!config->proxy_url.empty()) {
    auto proxy = http::ParseBaseUrl(config->proxy_url);
    if (!proxy || proxy->tls) return cluster.Bad("proxy-url", "must be an http:// URL");
  }
  TRY(config->disable_compression, cluster.Flag("disable-compression"));
  return {};
}

Result<void> ReadClientCertificate(const Entry& user, Config* config) {
  TRY(config->client_certificate_data, user.Data("client-certificate-data"));
  TRY(config->client_certificate_file, user.Path("client-certificate"));
  TRY(std::string key, user.Data("client-key-data"));
  TRY(config->client_key_file, user.Path("client-key"));
  if (!config->client_certificate_data.empty()) config->client_certificate_file.clear();
  if (!key.empty()) config->client_key_file.clear();
  config->client_key_data = Secret(std::move(key));
  bool has_certificate = !(config->client_certificate_data + config->client_certificate_file).empty();
  bool has_key = !(config->client_key_data.Reveal() + config->client_key_file).empty();
  if (has_certificate && !has_key) return user.Bad("client-key", "is missing beside the client certificate");
  if (has_key && !has_certificate) return user.Bad("client-certificate", "is missing beside the client key");
  return {};
}

Result<void> ReadImpersonation(const Entry& user, Impersonation* impersonate) {
  TRY(impersonate->user, user.Text("as"));
  TRY(impersonate->uid, user.Text("as-uid"));
  TRY(impersonate->groups, user.Texts("as-groups"));
  TRY(Entry extra, user.Child("as-user-extra"));
  for (const auto& [name, values] : extra.value().Members()) {
    TRY(impersonate->extra[name], extra.Texts(name));
  }
  bool more = !impersonate->uid.empty() || !impersonate->groups.empty() || !impersonate->extra.empty();
  if (impersonate->user.empty() && more) return user.Bad("as", "is missing beside other fields of impersonation");
  return {};
}

Result<ExecPlugin> ReadExec(const Entry& exec, const Entry& cluster) {
  ExecPlugin plugin;
  TRY(plugin.api_version, exec.Text("apiVersion"));
  bool v1 = plugin.api_version == "client.authentication.k8s.io/v1";
  if (!v1 && plugin.api_version != "client.authentication.k8s.io/v1beta1") {
    return exec.Bad("apiVersion",
                    "must be client.authentication.k8s.io/v1 or /v1beta1, not \"" + plugin.api_version + "\"");
  }
  TRY(plugin.command, exec.Text("command"));
  if (plugin.command.empty()) return exec.Bad("command", "is missing");
  if (plugin.command.find('/') != std::string::npos) plugin.command = exec.Resolve(plugin.command);
  TRY(plugin.args, exec.Texts("args"));
  TRY(auto variables, exec.Children("env"));
  for (const Entry& variable : variables) {
    TRY(std::string name, variable.Text("name"));
    TRY(std::string value, variable.Text("value"));
    if (name.empty() || name.find('=') != std::string::npos) return variable.Bad("name", "is no name of a variable");
    plugin.env.emplace_back(std::move(name), std::move(value));
  }
  TRY(plugin.install_hint, exec.Text("installHint"));
  TRY(plugin.provide_cluster_info, exec.Flag("provideClusterInfo"));
  TRY(plugin.interactive_mode, exec.Text("interactiveMode"));
  if (plugin.interactive_mode.empty() && !v1) plugin.interactive_mode = "IfAvailable";
  if (plugin.interactive_mode != "Never" && plugin.interactive_mode != "IfAvailable" &&
      plugin.interactive_mode != "Always") {
    return exec.Bad("interactiveMode", "must be Never, IfAvailable or Always");
  }
  TRY(auto extensions, cluster.Children("extensions"));
  for (const Entry& extension : extensions) {
    TRY(std::string name, extension.Text("name"));
    if (name == "client.authentication.k8s.io/exec") plugin.cluster_config = extension.value()["extension"];
  }
  return plugin;
}

Result<void> ReadUser(const Entry& user, const Entry& cluster, Config* config) {
  TRY_VOID(ReadClientCertificate(user, config));
  TRY_VOID(ReadImpersonation(user, &config->impersonate));
  TRY(config->token_file, user.Path("tokenFile"));
  TRY(std::string token, user.Text("token"));
  config->token = Secret(std::move(token));
  TRY(config->username, user.Text("username"));
  TRY(std::string password, user.Text("password"));
  config->password = Secret(std::move(password));
  TRY(Entry exec, user.Child("exec"));
  if (!exec.empty()) {
    TRY(config->exec, ReadExec(exec, cluster));
  }
  if (!user.value()["auth-provider"].IsNull()) {
    return user.Bad("auth-provider", "is no longer supported by Kubernetes: use exec");
  }
  return {};
}

Result<Merged> ReadAll(const Where& where) {
  Merged merged;
  for (const std::string& path : where.files) {
    auto text = ReadFile(path);
    if (!text && text.error().code == Code::kNotFound && !where.must_exist) continue;
    if (!text) return text.error();
    TRY_VOID(Merge(path, *text, &merged));
  }
  if (!merged.files.empty()) return merged;
  std::string tried;
  for (const std::string& path : where.files) tried += (tried.empty() ? " " : ", ") + path;
  return Error{.code = Code::kNotFound, .message = "there is no kubeconfig; looked at:" + tried};
}

}  // namespace

std::vector<std::string> FilesFrom(std::string_view kubeconfig, std::string_view home) {
  std::vector<std::string> files;
  for (size_t at = 0; at <= kubeconfig.size();) {
    size_t end = std::min(kubeconfig.find(':', at), kubeconfig.size());
    std::string file(kubeconfig.substr(at, end - at));
    if (!file.empty() && std::find(files.begin(), files.end(), file) == files.end()) files.push_back(std::move(file));
    at = end + 1;
  }
  if (files.empty() && !home.empty()) files.push_back(std::string(home) + "/.kube/config");
  return files;
}

Result<Config> Load(const Where& where) {
  TRY(Merged merged, ReadAll(where));
  const std::string& name = where.context.empty() ? merged.current_context : where.context;
  if (name.empty()) {
    return Error{.code = Code::kNotFound,
                 .message = merged.files.front() + ": current-context: is missing, and no context was named"};
  }
  auto context = merged.contexts.find(name);
  if (context == merged.contexts.end()) {
    return Error{.code = Code::kNotFound,
                 .message = merged.files.front() + ": there is no context \"" + name +
                            "\" (there is: " + Names(merged.contexts) + ")"};
  }
  Config config{.source = "context \"" + name + "\" of " + merged.file_of_context[name]};
  TRY(std::string cluster_name, context->second.Text("cluster"));
  TRY(std::string user_name, context->second.Text("user"));
  TRY(std::string namespace_name, context->second.Text("namespace"));
  if (!namespace_name.empty()) config.namespace_ = namespace_name;
  TRY(Entry cluster, Find(merged.clusters, cluster_name, "cluster", context->second));
  TRY_VOID(ReadCluster(cluster, &config));
  if (user_name.empty()) return config;
  TRY(Entry user, Find(merged.users, user_name, "user", context->second));
  TRY_VOID(ReadUser(user, cluster, &config));
  return config;
}

}  // namespace coreflow::kubeconfig
