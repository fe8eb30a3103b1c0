#include "pkg/kubeconfig/exec_plugin.h"

#include <map>
#include <utility>
#include <vector>

#include "pkg/base/base64.h"
#include "pkg/http/default_trust.h"
#include "pkg/json/parse.h"
#include "pkg/json/write.h"
#include "pkg/kubeconfig/read_file.h"
#include "pkg/kubeconfig/run_program.h"

namespace coreflow::kubeconfig {

namespace {

// ExecCredential.spec.cluster; the authority as data, wherever we have it from.
Result<json::Value> ClusterInfo(const Config& config) {
  std::string authority = config.ca_data;
  if (!config.ca_file.empty()) {
    TRY(authority, ReadFile(config.ca_file));
  }
  json::Object cluster;
  cluster["server"] = config.server;
  if (!config.tls_server_name.empty()) cluster["tls-server-name"] = config.tls_server_name;
  if (config.insecure_skip_tls_verify) cluster["insecure-skip-tls-verify"] = true;
  if (!authority.empty()) cluster["certificate-authority-data"] = EncodeBase64(authority);
  if (!config.proxy_url.empty()) cluster["proxy-url"] = config.proxy_url;
  if (config.disable_compression) cluster["disable-compression"] = true;
  if (!config.exec->cluster_config.IsNull()) cluster["config"] = config.exec->cluster_config;
  return json::Value(std::move(cluster));
}

Result<std::string> ExecInfo(const Config& config) {
  json::Object spec;
  spec["interactive"] = false;
  if (config.exec->provide_cluster_info) {
    TRY(spec["cluster"], ClusterInfo(config));
  }
  json::Object info;
  info["apiVersion"] = config.exec->api_version;
  info["kind"] = "ExecCredential";
  info["spec"] = std::move(spec);
  return json::Write(json::Value(std::move(info)));
}

Result<std::vector<std::string>> Environment(const Config& config) {
  std::map<std::string, std::string> variables;
  for (const std::string& entry : http::ChildEnvironment()) {
    size_t equals = entry.find('=');
    if (equals != std::string::npos) variables[entry.substr(0, equals)] = entry.substr(equals + 1);
  }
  for (const auto& [name, value] : config.exec->env) variables[name] = value;
  TRY(variables["KUBERNETES_EXEC_INFO"], ExecInfo(config));
  std::vector<std::string> environment;
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  return environment;
}

Error Bad(const std::string& what) { return {.code = Code::kInvalid, .message = "its answer " + what}; }

Result<ExecCredential> ReadAnswer(const std::string& output, const std::string& api_version) {
  auto answer = json::Parse(output);
  if (!answer) return Bad("is " + answer.error().message);
  if ((*answer)["kind"].StringOr("") != "ExecCredential") return Bad("is no ExecCredential");
  std::string version = (*answer)["apiVersion"].StringOr("");
  if (version != api_version) return Bad("has apiVersion \"" + version + "\", not \"" + api_version + "\"");
  const json::Value& status = (*answer)["status"];
  std::string token = status["token"].StringOr("");
  ExecCredential credential{.certificate = {.chain_pem = status["clientCertificateData"].StringOr(""),
                                            .key_pem = status["clientKeyData"].StringOr("")}};
  if (token.empty() && credential.certificate.chain_pem.empty()) return Bad("has neither a token nor a certificate");
  if (credential.certificate.chain_pem.empty() != credential.certificate.key_pem.empty()) {
    return Bad("must have clientCertificateData and clientKeyData, or none of them");
  }
  credential.token = Secret(std::move(token));
  const json::Value& expires = status["expirationTimestamp"];
  if (expires.IsNull()) return credential;
  credential.expires = ParseTime(expires.StringOr(""));
  if (!credential.expires) return Bad("has an expirationTimestamp that is no time");
  return credential;
}

Error Described(const Config& config, Error error, const std::string& errors) {
  error.message = config.source + ": user.exec: " + error.message;
  std::string_view said = errors;
  while (said.ends_with('\n')) said.remove_suffix(1);
  if (!said.empty()) error.message += "; it said: " + std::string(said);
  if (error.code == Code::kNotFound) {
    error.code = Code::kInvalid;
    if (!config.exec->install_hint.empty()) error.message += "\n" + config.exec->install_hint;
  }
  return error;
}

}  // namespace

Result<ExecCredential> RunExecPlugin(const Config& config, std::chrono::milliseconds timeout) {
  const ExecPlugin& plugin = *config.exec;
  if (plugin.interactive_mode == "Always") {
    return Described(config, {Code::kInvalid, "interactiveMode is Always, but there is no terminal to ask on"}, "");
  }
  auto environment = Environment(config);
  if (!environment) return Described(config, environment.error(), "");
  auto outcome = RunProgram(
      {.command = plugin.command, .args = plugin.args, .environment = *std::move(environment), .timeout = timeout});
  if (!outcome) return Described(config, outcome.error(), "");
  if (outcome->exit_status != 0) {
    std::string what = plugin.command + " failed with exit code " + std::to_string(outcome->exit_status);
    return Described(config, {Code::kUnavailable, what}, outcome->errors);
  }
  auto credential = ReadAnswer(outcome->output, plugin.api_version);
  if (!credential) {
    return Described(config, {Code::kInvalid, plugin.command + ": " + credential.error().message}, outcome->errors);
  }
  return credential;
}

}  // namespace coreflow::kubeconfig
