#include "pkg/courier/blob_client.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/data/blob_route.h"
#include "pkg/http/blocking_connection.h"
#include "pkg/http/message_reader.h"
#include "pkg/http/request_text.h"
#include "pkg/http/sockets.h"
#include "pkg/json/parse.h"

namespace coreflow::courier {

namespace {

constexpr Duration kConnectLimit{10'000};
// While the service writes to its store, which may take its time over the end of a big blob.
constexpr Duration kWaitLimit = std::chrono::minutes(10);
constexpr size_t kPiece = size_t{256} << 10;
constexpr size_t kMostMessage = 1000;
constexpr std::string_view kLastChunk = "0\r\n\r\n";
// Chunk sizes may begin with zeros, so that each chunk has its head at the same place.
constexpr std::string_view kChunkHead = "00000000\r\n";
constexpr size_t kChunkDigits = 8;

Code CodeOf(int status) {
  switch (status) {
    case 401: return Code::kUnauthorized;
    case 404: return Code::kNotFound;
    case 408:
    case 429: return Code::kUnavailable;
    case 507: return Code::kInvalid;  // another try sends all of it again, and who knows when there is room
    default: return status >= 500 ? Code::kUnavailable : Code::kInvalid;
  }
}

// One chunk after the other out of one buffer.
class Chunks {
 public:
  std::span<char> room() { return std::span(buffer_).subspan(kChunkHead.size(), kPiece); }
  // With the first `size` bytes of the room.
  std::string_view Make(size_t size) {
    std::ranges::copy(kChunkHead, buffer_.begin());
    size_t left = size;
    for (size_t digit = kChunkDigits; digit > 0; left /= 16) buffer_[--digit] = "0123456789abcdef"[left % 16];
    const size_t end = kChunkHead.size() + size;
    buffer_[end] = '\r';
    buffer_[end + 1] = '\n';
    return {buffer_.data(), end + 2};
  }

 private:
  std::vector<char> buffer_ = std::vector<char>(kChunkHead.size() + kPiece + 2);
};

}  // namespace

// A request and its answer.
class BlobClient::Call {
 public:
  static Result<std::unique_ptr<Call>> Begin(const BlobClient& client, const std::string& head) {
    TRY(files::Descriptor socket, http::Connect(client.server_.host, client.server_.port, kConnectLimit));
    std::unique_ptr<Call> call(new Call(std::move(socket)));
    if (client.tls_) TRY_VOID(call->connection_.SecureAsClient(*client.tls_, client.certificate_));
    call->connection_.SetLimit(kWaitLimit);
    TRY_VOID(call->connection_.Write(head));
    return call;
  }

  // Until it is whole, or the service answers before: then it does not want the rest.
  Result<void> SendChunks(const store::Source& source, store::Hasher& hasher) {
    Chunks chunks;
    while (!connection_.Readable()) {
      TRY(const size_t count, source(chunks.room()));
      if (count == 0) return Ask(kLastChunk);
      hasher.Add({chunks.room().data(), count});
      TRY(const bool sent, Send(chunks.Make(count)));
      if (!sent) return {};
    }
    return {};
  }

  Result<http::MessageHead> ReadHead() { return reader_.ReadHead(); }
  Result<size_t> ReadBody(std::span<char> buffer) { return reader_.ReadBody(buffer); }

  // A short body as text.
  Result<std::string> ReadText() {
    std::string text(kMostMessage, '\0');
    size_t filled = 0;
    while (filled < text.size()) {
      TRY(const size_t count, ReadBody(std::span(text).subspan(filled)));
      if (count == 0) break;
      filled += count;
    }
    text.resize(filled);
    while (text.ends_with('\n')) text.pop_back();
    return text;
  }

  Error Refused(int status) {
    auto text = ReadText();
    return {.code = CodeOf(status),
            .message = "the data service answers " + std::to_string(status) + ": " + (text ? *text : "")};
  }

 private:
  explicit Call(files::Descriptor socket) : connection_(std::move(socket), kConnectLimit) {}

  // False: it could not be sent, but there is an answer that says why.
  Result<bool> Send(std::string_view bytes) {
    auto sent = connection_.Write(bytes);
    if (sent) return true;
    if (connection_.Readable()) return false;
    return sent.error();
  }
  Result<void> Ask(std::string_view bytes) {
    TRY([[maybe_unused]] const bool sent, Send(bytes));
    return {};
  }

  http::BlockingConnection connection_;
  http::MessageReader reader_{connection_, http::MessageReader::Kind::kResponse};
};

BlobClient::BlobClient(http::BaseUrl server, std::optional<http::TlsContext> tls, const artifact::CourierJob& job)
    : server_(std::move(server)),
      tls_(std::move(tls)),
      certificate_(job.certificate),
      name_space_(job.name_space),
      pod_(job.pod),
      token_(job.token) {}

Result<BlobClient> BlobClient::Make(const artifact::CourierJob& job) {
  TRY(http::BaseUrl server, http::ParseBaseUrl(job.url));
  std::optional<http::TlsContext> tls;
  if (server.tls) {
    if (!store::Digest::Parse(job.certificate)) {
      return Error{.code = Code::kInvalid, .message = "the job does not name the server's certificate"};
    }
    TRY(tls, http::TlsContext::ForClient());
  }
  return BlobClient(std::move(server), std::move(tls), job);
}

Result<store::Blob> BlobClient::Put(const store::Source& source) const {
  const std::string path = data::FormatBlobRoute({.name_space = name_space_, .pod = pod_});
  TRY(const auto call, Call::Begin(*this, "PUT " + server_.path + path + " HTTP/1.1\r\nHost: " +
                                              http::Authority(server_) + "\r\nAuthorization: Bearer " + token_ +
                                              "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
  store::Hasher hasher;
  TRY_VOID(call->SendChunks(source, hasher));
  TRY(const http::MessageHead head, call->ReadHead());
  if (head.status != 201) return call->Refused(head.status);
  TRY(const std::string text, call->ReadText());
  const auto answer = json::Parse(text);
  const auto hex = artifact::ParseDigest(answer ? (*answer)["digest"].StringOr("") : "");
  const store::Digest sent = hasher.Finish();
  if (!hex || *hex != sent.hex()) {
    return Error{.code = Code::kGone, .message = "the data service has stored something else than was sent"};
  }
  return store::Blob{.digest = sent, .size = static_cast<uint64_t>((*answer)["bytes"].IntOr(0))};
}

Result<void> BlobClient::Get(const artifact::Artifact& blob, const std::string& token, const store::Sink& sink) const {
  const std::string path = data::FormatBlobRoute({.name_space = name_space_, .pod = pod_, .digest = blob.digest});
  TRY(const auto call,
      Call::Begin(*this, "GET " + server_.path + path + " HTTP/1.1\r\nHost: " + http::Authority(server_) +
                             "\r\nAuthorization: Bearer " + token + "\r\nConnection: close\r\n\r\n"));
  TRY(const http::MessageHead head, call->ReadHead());
  if (head.status != 200) return call->Refused(head.status);
  if (head.length != static_cast<uint64_t>(blob.bytes)) {
    return Error{.code = Code::kGone,
                 .message = "the stored blob " + blob.digest + " is damaged: it has " +
                            std::to_string(head.length.value_or(0)) + " bytes, not " + std::to_string(blob.bytes)};
  }
  store::Hasher hasher;
  std::vector<char> buffer(kPiece);
  while (true) {
    TRY(const size_t count, call->ReadBody(buffer));
    if (count == 0) break;
    hasher.Add({buffer.data(), count});
    TRY_VOID(sink({buffer.data(), count}));
  }
  if (hasher.Finish().hex() == blob.digest) return {};
  return Error{.code = Code::kGone, .message = "the stored blob " + blob.digest + " is damaged: its digest is another"};
}

}  // namespace coreflow::courier
