#include "pkg/kubeconfig/credentials.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "pkg/base/base64.h"
#include "pkg/http/tls_client.h"
#include "pkg/kubeconfig/exec_plugin.h"
#include "pkg/kubeconfig/read_file.h"

namespace coreflow::kubeconfig {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration kTokenAge = minutes(1);
constexpr Duration kCertificateAge = minutes(5);
constexpr Duration kExpiryLeeway = seconds(10);
// A plugin that fails, or keeps giving a credential that is refused, is not run for every request.
constexpr Duration kPluginPause = seconds(10);

std::string Trimmed(const std::string& text) {
  size_t start = text.find_first_not_of(" \t\r\n");
  if (start == std::string::npos) return "";
  return text.substr(start, text.find_last_not_of(" \t\r\n") + 1 - start);
}

// The header name for a key of as-user-extra: what may not stand in a header name is percent-encoded, as client-go
// does.
std::string ExtraHeader(const std::string& key) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string name = "Impersonate-Extra-";
  for (char c : key) {
    auto byte = static_cast<unsigned char>(c);
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                 std::string_view("!#$&'*+-.^_`|~").find(c) != std::string_view::npos;
    if (plain) {
      name += c;
    } else {
      name += '%';
      name += kHex[byte >> 4];
      name += kHex[byte & 15];
    }
  }
  return name;
}

std::vector<std::pair<std::string, std::string>> ImpersonationHeaders(const Impersonation& as) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (as.user.empty()) return headers;
  headers.emplace_back("Impersonate-User", as.user);
  if (!as.uid.empty()) headers.emplace_back("Impersonate-Uid", as.uid);
  for (const auto& group : as.groups) headers.emplace_back("Impersonate-Group", group);
  for (const auto& [key, values] : as.extra) {
    for (const auto& value : values) headers.emplace_back(ExtraHeader(key), value);
  }
  return headers;
}

class ConfigCredentials : public http::Credentials {
 public:
  ConfigCredentials(Config config, Clock clock)
      : config_(std::move(config)),
        clock_(std::move(clock)),
        impersonation_(ImpersonationHeaders(config_.impersonate)) {}

  Result<http::Auth> ForRequest() override {
    std::lock_guard one_at_a_time(refreshing_);
    bool rejected = false;
    {
      std::lock_guard lock(mu_);
      rejected = std::exchange(rejected_, false);
      good_until_ = Time::min();
    }
    http::Auth auth;
    TRY(auth.certificate, Certificate(rejected));
    TRY(std::string authorization, Authorization(rejected, &auth.certificate));
    if (!authorization.empty()) auth.headers.emplace_back("Authorization", std::move(authorization));
    auth.headers.insert(auth.headers.end(), impersonation_.begin(), impersonation_.end());
    std::lock_guard lock(mu_);
    given_ = auth;
    good_until_ = GoodUntil();
    return auth;
  }

  std::optional<http::Auth> AtHand() override {
    const Time now = clock_();
    std::lock_guard lock(mu_);
    if (rejected_ || now >= good_until_) return std::nullopt;
    return given_;
  }

  void Rejected(const http::Auth& used) override {
    std::lock_guard lock(mu_);
    if (given_ == used) rejected_ = true;
  }

 private:
  // What was read, and when.
  template <typename T>
  struct Kept {
    T value = {};
    Time read = {};
  };

  Error Failed(const char* field, const Error& error) const {
    return {.code = error.code, .message = config_.source + ": " + field + ": " + error.message};
  }

  Result<std::string> Authorization(bool rejected, http::ClientCertificate* certificate) {
    if (!config_.token_file.empty()) {
      TRY(std::string token, FileToken(rejected));
      return "Bearer " + token;
    }
    if (!config_.token.Reveal().empty()) return "Bearer " + config_.token.Reveal();
    if (!config_.username.empty()) {
      return "Basic " + EncodeBase64(config_.username + ":" + config_.password.Reveal());
    }
    if (!config_.exec) return std::string();
    TRY(ExecCredential credential, PluginCredential(rejected));
    if (*certificate == http::ClientCertificate{}) *certificate = credential.certificate;
    const std::string& token = credential.token.Reveal();
    return token.empty() ? std::string() : "Bearer " + token;
  }

  Result<std::string> FileToken(bool rejected) {
    Time now = clock_();
    if (file_token_ && !rejected && now - file_token_->read < kTokenAge) return file_token_->value;
    auto text = ReadFile(config_.token_file);
    if (text && !Trimmed(*text).empty()) {
      file_token_ = {Trimmed(*text), now};
    } else if (!file_token_) {
      return Failed("tokenFile", text ? Error{Code::kInvalid, config_.token_file + ": is empty"} : text.error());
    }
    return file_token_->value;
  }

  Result<http::ClientCertificate> Certificate(bool rejected) {
    Time now = clock_();
    if (certificate_ && !rejected && now - certificate_->read < kCertificateAge) return certificate_->value;
    auto read = ReadCertificate();
    // A pair that is being replaced doesn't match for a moment; the old one still serves, and the next request looks
    // again.
    auto checked = read ? http::TlsClient::Check(*read) : Result<void>(read.error());
    if (checked) {
      certificate_ = {*std::move(read), now};
    } else if (!certificate_) {
      return Failed("client certificate", checked.error());
    }
    return certificate_->value;
  }

  Result<http::ClientCertificate> ReadCertificate() const {
    http::ClientCertificate certificate{.chain_pem = config_.client_certificate_data,
                                        .key_pem = config_.client_key_data.Reveal()};
    if (!config_.client_certificate_file.empty()) {
      TRY(certificate.chain_pem, ReadFile(config_.client_certificate_file));
    }
    if (!config_.client_key_file.empty()) {
      TRY(certificate.key_pem, ReadFile(config_.client_key_file));
    }
    return certificate;
  }

  Result<ExecCredential> PluginCredential(bool rejected) {
    Time now = clock_();
    if (failure_ && now - failure_->read < kPluginPause) return failure_->value;
    bool again = rejected && (!run_again_ || now - *run_again_ >= kPluginPause);
    if (plugin_ && !again && !Expired(*plugin_, now)) return *plugin_;
    if (again) run_again_ = now;
    auto credential = RunExecPlugin(config_);
    if (!credential) {
      failure_ = {credential.error(), clock_()};
      return credential;
    }
    failure_.reset();
    plugin_ = *std::move(credential);
    return *plugin_;
  }

  // When ForRequest() would look again.
  Time GoodUntil() const {
    Time until = certificate_->read + kCertificateAge;
    if (file_token_) until = std::min(until, file_token_->read + kTokenAge);
    if (plugin_ && plugin_->expires) until = std::min(until, *plugin_->expires - kExpiryLeeway);
    return until;
  }

  static bool Expired(const ExecCredential& credential, Time now) {
    return credential.expires && now + kExpiryLeeway >= *credential.expires;
  }

  const Config config_;
  const Clock clock_;
  const std::vector<std::pair<std::string, std::string>> impersonation_;

  // Held while files are read and the plugin runs; Rejected() must not wait for that.
  std::mutex refreshing_;
  std::optional<Kept<std::string>> file_token_;               // guarded by refreshing_
  std::optional<Kept<http::ClientCertificate>> certificate_;  // guarded by refreshing_
  std::optional<ExecCredential> plugin_;                      // guarded by refreshing_
  std::optional<Kept<Error>> failure_;                        // guarded by refreshing_; of the plugin's last run
  std::optional<Time> run_again_;                             // guarded by refreshing_; the last run because of a 401

  std::mutex mu_;
  http::Auth given_;               // guarded by mu_; the last one
  Time good_until_ = Time::min();  // guarded by mu_; when that may be no longer what ForRequest() gives
  bool rejected_ = false;          // guarded by mu_; it was refused
};

}  // namespace

Time WallClock() { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }

std::shared_ptr<http::Credentials> NewCredentials(Config config, Clock clock) {
  return std::make_shared<ConfigCredentials>(std::move(config), std::move(clock));
}

http::Options TransportOptions(const Config& config, Clock clock) {
  return {.url = config.server,
          .ca_pem = config.ca_data,
          .ca_file = config.ca_file,
          .tls_server_name = config.tls_server_name,
          .insecure_skip_tls_verify = config.insecure_skip_tls_verify,
          .proxy_url = config.proxy_url,
          .credentials = NewCredentials(config, std::move(clock))};
}

}  // namespace coreflow::kubeconfig
