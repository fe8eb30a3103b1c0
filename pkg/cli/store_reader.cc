#include "pkg/cli/store_reader.h"

#include <fmt/format.h>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "pkg/api/names.h"
#include "pkg/artifact/reading.h"
#include "pkg/cli/waiter.h"
#include "pkg/json/write.h"
#include "pkg/kube/target.h"
#include "pkg/store/digest.h"

namespace coreflow::cli {

namespace {

// As roles name them.
constexpr kube::Resource kServiceProxy{.version = "v1", .plural = "services/proxy", .kind = "Service"};
constexpr kube::Resource kAccounts{.version = "v1", .plural = "serviceaccounts", .kind = "ServiceAccount"};
constexpr kube::Resource kAccountTokens{.version = "v1", .plural = "serviceaccounts/token", .kind = "TokenRequest"};

// The shortest that Kubernetes gives.
constexpr int64_t kTokenSeconds = 600;
// A store may take its time, and so may whoever reads our output.
constexpr Duration kSilence = std::chrono::minutes(2);

kube::Request ProxyRequest(const std::string& operator_ns, const std::string& path, const Secret<std::string>& token) {
  http::Request request{
      .method = "GET", .target = artifact::ProxyPath(operator_ns, path), .headers = {{"Accept", "*/*"}}};
  if (!token.Reveal().empty()) request.headers.emplace_back(artifact::kReaderHeader, token.Reveal());
  return {.verb = kube::Verb::kGet, .resource = kServiceProxy, .ns = operator_ns, .http = std::move(request)};
}

Result<kube::Request> TokenRequest(const std::string& ns) {
  TRY(const kube::Target target,
      kube::Target::Object(kAccounts, {.ns = ns, .name = artifact::kReaderAccount}, "token"));
  const json::Object spec{{"audiences", json::Array{artifact::kReaderAudience}}, {"expirationSeconds", kTokenSeconds}};
  const json::Object body{{"apiVersion", "authentication.k8s.io/v1"}, {"kind", "TokenRequest"}, {"spec", spec}};
  return kube::Request{.verb = kube::Verb::kCreate,
                       .resource = kAccountTokens,
                       .ns = ns,
                       .http = {.method = "POST",
                                .target = target.text(),
                                .headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}},
                                .body = json::Write(body)}};
}

Result<void> MakeAccount(Session& session, const std::string& ns) {
  const json::Object account{{"apiVersion", "v1"},
                             {"kind", "ServiceAccount"},
                             {"metadata", json::Object{{"name", artifact::kReaderAccount}, {"namespace", ns}}},
                             {"automountServiceAccountToken", false}};
  const auto made = session.Send(kube::Create(kAccounts, ns, account, {.field_manager = kFieldManager}));
  if (made) {
    session.environment().err(fmt::format(
        "serviceaccount/{} created in namespace {}: who reads there is known by it, and it needs no rights\n",
        artifact::kReaderAccount, ns));
    return {};
  }
  if (made.error().code == Code::kAlreadyExists) return {};
  if (made.error().code != Code::kForbidden) return made.error();
  return Error{.code = Code::kForbidden,
               .message = fmt::format("{}\nSomebody who may makes it once: kubectl create serviceaccount {} -n {}{}",
                                      made.error().message, artifact::kReaderAccount, ns, session.cluster_flags())};
}

Result<Secret<std::string>> MakeToken(Session& session, const std::string& ns) {
  auto made = session.Send(TokenRequest(ns));
  if (!made && made.error().code == Code::kNotFound) {
    TRY_VOID(MakeAccount(session, ns));
    made = session.Send(TokenRequest(ns));
  }
  if (!made) return made.error();
  Secret<std::string> token((*made)["status"]["token"].StringOr(""));
  if (token.Reveal().empty()) {
    return Error{.code = Code::kInvalid, .message = session.server() + " gave no token for reading"};
  }
  return token;
}

// Bytes on their way, as the transport's thread sees them.
class CheckedSink : public http::Sink {
 public:
  // `on_trouble` is called once, when no more is wanted.
  CheckedSink(int64_t most, StoreReader::Take take, std::function<void()> on_trouble)
      : most_(most), take_(std::move(take)), on_trouble_(std::move(on_trouble)) {}

  void OnHeaders(const http::Response&) override {}
  void OnBytes(std::string_view bytes) override {
    const std::lock_guard lock(mu_);
    if (closed_ || trouble_) return;
    count_ += static_cast<int64_t>(bytes.size());
    hasher_.Add(bytes);
    const auto taken = count_ > most_ ? Result<void>(Error{.code = Code::kGone}) : take_(bytes);
    if (taken) return;
    trouble_ = taken.error();
    on_trouble_();
  }

  // Nothing is handed over after it returns.
  void Close() {
    const std::lock_guard lock(mu_);
    closed_ = true;
  }
  // REQUIRES: the stream has ended, or Close() was called.
  const std::optional<Error>& trouble() const { return trouble_; }
  int64_t count() const { return count_; }
  std::string Digest() { return hasher_.Finish().hex(); }

 private:
  const int64_t most_;
  const StoreReader::Take take_;
  const std::function<void()> on_trouble_;
  std::mutex mu_;
  bool closed_ = false;
  std::optional<Error> trouble_ = {};
  int64_t count_ = 0;
  store::Hasher hasher_;
};

// What the loop knows of a read while it lasts.
struct Call {
  kube::Client& client;
  kube::Client::Ticket ticket = 0;
  std::optional<kube::ApiError> error = {};
};

Error NoDataService(const std::string& operator_ns, const Error& error) {
  return {.code = Code::kNotFound,
          .message = fmt::format("there is no store to read from: CoreFlow in namespace {} has no data service ({}); "
                                 "--operator-namespace names another",
                                 operator_ns, error.message)};
}

}  // namespace

Result<StoreReader> StoreReader::Open(Session& session, const std::string& ns, const std::string& operator_ns) {
  // It may come from a Lease that anybody wrote.
  if (!api::IsDnsLabel(operator_ns)) {
    return Error{.code = Code::kInvalid, .message = fmt::format("\"{}\" is no name of a namespace", operator_ns)};
  }
  StoreReader reader(session, ns, operator_ns);
  const auto said = session.Send(ProxyRequest(operator_ns, artifact::kTermsPath, {}));
  if (!said && said.error().code == Code::kNotFound) return NoDataService(operator_ns, said.error());
  if (!said) return said.error();
  const auto terms = artifact::ReadTerms(*said);
  if (!terms) {
    return Error{.code = Code::kInvalid,
                 .message = fmt::format("what answers in namespace {} is no data service of this version of CoreFlow",
                                        operator_ns)};
  }
  if (*terms == artifact::ReaderTerms::kNobody) {
    return Error{.code = Code::kForbidden,
                 .message = fmt::format("CoreFlow in namespace {} lets nobody read its store: reader.enabled and, with "
                                        "namespaces, reader.clusterWide in the values of its chart say so",
                                        operator_ns)};
  }
  if (*terms == artifact::ReaderTerms::kToken) {
    TRY(reader.token_, MakeToken(session, ns));
  }
  return reader;
}

Result<void> StoreReader::Read(const artifact::Artifact& blob, const Take& take) const {
  Environment& environment = session_->environment();
  Waiter waiter(environment);
  auto call = std::make_shared<Call>(session_->client());
  const auto stop = [weak = std::weak_ptr(call), &loop = environment.loop] {
    loop.Post([weak] {
      if (const auto open = weak.lock()) open->client.Cancel(open->ticket);
    });
  };
  auto sink = std::make_shared<CheckedSink>(blob.bytes, take, stop);
  const kube::Request request = ProxyRequest(operator_ns_, artifact::ReaderPath(ns_, blob.digest), token_);
  call->ticket = session_->client().Stream(request, kSilence, sink,
                                           [call, done = waiter.OnDone()](const std::optional<kube::ApiError>& error) {
                                             call->error = error;
                                             done();
                                           });
  const WaitEnd end = waiter.Run();
  if (end == WaitEnd::kInterrupted) session_->client().Cancel(call->ticket);
  sink->Close();
  if (end == WaitEnd::kInterrupted) return Error{.code = Code::kCancelled, .message = "interrupted"};
  const bool too_many = sink->count() > blob.bytes;
  if (sink->trouble() && !too_many) return *sink->trouble();
  if (call->error && !too_many) {
    const kube::ApiError& error = *call->error;
    if (error.reason == artifact::kReaderReason) return error.error;
    if (error.status != 0) return session_->Worded(request, error);
    return Error{.code = error.error.code,
                 .message = fmt::format("the connection ended after {} of {} bytes: {}", sink->count(), blob.bytes,
                                        error.error.message)};
  }
  if (!too_many && sink->count() == blob.bytes && sink->Digest() == blob.digest) return {};
  return Error{.code = Code::kGone,
               .message = fmt::format("what came is not what was kept: its digest is not {}",
                                      artifact::FormatDigest(blob.digest))};
}

}  // namespace coreflow::cli
