#include "pkg/data/blob_request.h"

#include <array>
#include <chrono>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/artifact/artifact.h"
#include "pkg/artifact/blob_entry.h"
#include "pkg/artifact/reading.h"
#include "pkg/artifact/store_token.h"
#include "pkg/base/time.h"
#include "pkg/data/blob_route.h"
#include "pkg/http/message_reader.h"
#include "pkg/json/write.h"

namespace coreflow::data {

namespace {

// For a client that still sends what nobody reads any more, so that it can read the answer.
constexpr std::chrono::seconds kLinger{5};
constexpr std::string_view kBearer = "Bearer ";

struct Answer {
  int status = 0;
  std::string text = {};
  bool is_json = false;
};

const char* Phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 411: return "Length Required";
    case 413: return "Content Too Large";
    case 503: return "Service Unavailable";
    case 507: return "Insufficient Storage";
    default: return "Internal Server Error";
  }
}

// Of a failure of the store, or of a request.
int StatusOf(Code code) {
  switch (code) {
    case Code::kInvalid: return 400;
    case Code::kNotFound: return 404;
    case Code::kTooMany: return 507;
    case Code::kUnavailable:
    case Code::kUnauthorized:
    case Code::kForbidden: return 503;
    default: return 500;
  }
}

Answer Failure(const Error& error) { return {.status = StatusOf(error.code), .text = error.message}; }

// As the API server words its own, whose clients read it: a reader asks through the API server's proxy.
Answer AsStatus(const Answer& answer) {
  return {.status = answer.status,
          .text = json::Write(artifact::ReaderFailure(answer.status, answer.text)),
          .is_json = true};
}

// A store that says that something is invalid means how it is set up.
Answer StoreFailure(const Error& error) {
  return {.status = error.code == Code::kInvalid ? 500 : StatusOf(error.code), .text = error.message};
}

std::string Head(int status, const std::string& headers, uint64_t length) {
  return "HTTP/1.1 " + std::to_string(status) + " " + Phrase(status) + "\r\n" + headers +
         "Content-Length: " + std::to_string(length) + "\r\nConnection: close\r\n\r\n";
}

// Its place among those that read.
class ReadersPlace {
 public:
  explicit ReadersPlace(const BlobTerms& terms) : reading_(terms.reading), had_(reading_++ < terms.most_readers) {}
  ~ReadersPlace() { --reading_; }
  ReadersPlace(const ReadersPlace&) = delete;
  ReadersPlace& operator=(const ReadersPlace&) = delete;

  bool had() const { return had_; }

 private:
  std::atomic<int>& reading_;
  const bool had_;
};

// One request.
class BlobRequest {
 public:
  BlobRequest(http::BlockingConnection& connection, const BlobTerms& terms, store::Store& store,
              const logging::Log& log)
      : connection_(connection),
        terms_(terms),
        store_(store),
        log_(log),
        reader_(connection, http::MessageReader::Kind::kRequest) {}

  // nullopt: answered, or there is nobody to answer.
  std::optional<Answer> Serve() {
    auto head = reader_.ReadHead();
    if (!head && head.error().code == Code::kInvalid) return Failure(head.error());
    if (!head) return std::nullopt;
    connection_.SetDeadline(std::nullopt);
    head_ = *std::move(head);
    if (head_.target == artifact::kTermsPath) return Terms();
    auto route = ParseBlobRoute(head_.target);
    if (!route) return Failure(route.error());
    if (route->pod.empty()) return Read(*route);
    const bool put = route->digest.empty();
    if (head_.method != (put ? "PUT" : "GET")) {
      return Answer{.status = 405, .text = put ? "only PUT can be done here" : "only GET can be done here"};
    }
    const std::string token = put ? artifact::PutToken(terms_.key, route->name_space, route->pod)
                                  : artifact::GetToken(terms_.key, route->name_space, route->pod, route->digest);
    if (!Shows(token)) return Answer{.status = 401, .text = "this needs another token"};
    return put ? Put(*route) : Get(*route);
  }

  void Send(const Answer& answer) {
    if (answer.status >= 500) log_.Warn("the store failed a client", {{"error", answer.text}});
    const std::string type = answer.is_json ? "application/json" : "text/plain; charset=utf-8";
    const std::string body = answer.text + "\n";
    std::string headers = "Content-Type: " + type + "\r\n";
    if (answer.status == 401) headers += "WWW-Authenticate: Bearer\r\n";
    if (answer.status == 405) headers += "Allow: GET, PUT\r\n";
    if (!connection_.Write(Head(answer.status, headers, body.size()) + body)) return;
    connection_.EndWriting();
    Drain();
  }

 private:
  bool Shows(const std::string& token) const {
    const auto shown = head_.headers.find("authorization");
    return shown != head_.headers.end() && shown->second.starts_with(kBearer) &&
           artifact::SameToken(std::string_view(shown->second).substr(kBearer.size()), token);
  }

  // What a reader needs, told to anybody.
  std::optional<Answer> Terms() const;
  // A reader's request.
  std::optional<Answer> Read(const BlobRoute& route);
  std::optional<Answer> Put(const BlobRoute& route);
  std::optional<Answer> Get(const BlobRoute& route);
  // Closing with unread bytes would reset the connection and could destroy the answer on its way.
  void Drain();

  http::BlockingConnection& connection_;
  const BlobTerms& terms_;
  store::Store& store_;
  const logging::Log& log_;
  http::MessageReader reader_;
  http::MessageHead head_;
};

std::optional<Answer> BlobRequest::Terms() const {
  if (head_.method != "GET") return AsStatus({.status = 405, .text = "only GET can be done here"});
  const auto terms = terms_.readers != nullptr ? artifact::ReaderTerms::kToken : artifact::ReaderTerms::kNobody;
  return Answer{.status = 200, .text = json::Write(artifact::ToJson(terms)), .is_json = true};
}

// Never 401: the API server's clients would take it for a word about their own credentials.
std::optional<Answer> BlobRequest::Read(const BlobRoute& route) {
  if (head_.method != "GET") return AsStatus({.status = 405, .text = "only GET can be done here"});
  if (terms_.readers == nullptr) return AsStatus({.status = 403, .text = "this install lets nobody read its store"});
  const ReadersPlace place(terms_);
  if (!place.had()) return AsStatus({.status = 503, .text = "too many read already: try again"});
  const auto shown = head_.headers.find(artifact::kReaderHeader);
  const auto checked = terms_.readers->Check(shown == head_.headers.end() ? "" : shown->second, route.name_space);
  if (!checked) {
    return AsStatus({.status = checked.error().code == Code::kForbidden ? 403 : 503, .text = checked.error().message});
  }
  const auto answer = Get(route);
  return answer ? std::optional(AsStatus(*answer)) : std::nullopt;
}

std::optional<Answer> BlobRequest::Put(const BlobRoute& route) {
  if (!head_.length && !head_.chunked) return Answer{.status = 411, .text = "the body needs a length, or chunks"};
  const Answer too_big{.status = 413, .text = "a blob has at most " + std::to_string(terms_.most_bytes) + " bytes"};
  if (head_.length && *head_.length > terms_.most_bytes) return too_big;
  if (const auto expects = head_.headers.find("expect"); expects != head_.headers.end()) {
    if (!connection_.Write("HTTP/1.1 100 Continue\r\n\r\n")) return std::nullopt;
  }
  std::optional<Error> broken;  // the client is to blame
  uint64_t bytes = 0;
  const auto source = [&](std::span<char> buffer) -> Result<size_t> {
    auto count = reader_.ReadBody(buffer);
    if (!count) broken = count.error();
    if (count) bytes += *count;
    if (bytes > terms_.most_bytes) return Error{.code = Code::kInvalid, .message = too_big.text};
    return count;
  };
  auto blob = store_.PutBlob(source, {.size = head_.length});
  if (bytes > terms_.most_bytes) return too_big;
  if (broken) return broken->code == Code::kInvalid ? std::optional(Failure(*broken)) : std::nullopt;
  if (!blob) return StoreFailure(blob.error());
  const auto size = static_cast<int64_t>(blob->size);
  const Time now = std::chrono::floor<Duration>(std::chrono::system_clock::now());
  const json::Object entry{{"bytes", size}, {"at", FormatTime(now)}};
  auto marked = store_.PutEntry(artifact::BlobEntry(route.name_space, blob->digest.hex()), json::Write(entry));
  if (!marked) return StoreFailure(marked.error());
  return Answer{
      .status = 201,
      .text = json::Write(json::Object{{"digest", artifact::FormatDigest(blob->digest.hex())}, {"bytes", size}}),
      .is_json = true};
}

std::optional<Answer> BlobRequest::Get(const BlobRoute& route) {
  const Answer none{.status = 404, .text = "this namespace has no such blob"};
  const auto failure = [&](const Error& error) { return error.code == Code::kNotFound ? none : StoreFailure(error); };
  auto entry = store_.GetEntry(artifact::BlobEntry(route.name_space, route.digest));
  if (!entry) return failure(entry.error());
  const auto digest = store::Digest::Parse(route.digest);
  auto size = store_.BlobSize(*digest);
  if (!size) return failure(size.error());
  if (!connection_.Write(Head(200, "Content-Type: application/octet-stream\r\n", *size))) return std::nullopt;
  uint64_t sent = 0;
  bool client_left = false;
  auto read = store_.ReadBlob(*digest, [&](std::string_view piece) -> Result<void> {
    sent += piece.size();
    if (sent > *size) return Error{.code = Code::kGone, .message = "blob " + route.digest + " has grown"};
    auto written = connection_.Write(piece);
    client_left = !written;
    return written;
  });
  if (read) connection_.EndWriting();
  // Its length is said already: that the answer ends too early is all that can be told.
  if (!read && !client_left) log_.Warn("a blob can't be read", {{"error", read.error().message}});
  return std::nullopt;
}

void BlobRequest::Drain() {
  if (reader_.done()) return;
  connection_.SetDeadline(std::chrono::steady_clock::now() + kLinger);
  std::vector<char> buffer(size_t{64} << 10);
  while (true) {
    auto count = connection_.Read(buffer);
    if (!count || *count == 0) return;
  }
}

}  // namespace

void ServeBlobRequest(http::BlockingConnection& connection, const BlobTerms& terms, store::Store& store,
                      const logging::Log& log) {
  BlobRequest request(connection, terms, store, log);
  if (const auto answer = request.Serve()) request.Send(*answer);
}

}  // namespace coreflow::data
