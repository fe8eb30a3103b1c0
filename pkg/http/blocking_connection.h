#pragma once

#include <openssl/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "pkg/base/result.h"
#include "pkg/base/time.h"
#include "pkg/files/descriptor.h"
#include "pkg/http/tls_context.h"

namespace coreflow::http {

// A connected stream socket, plain, or under TLS once it is secured, that one thread reads and writes and waits for.
// Only Cut() may be called from others. Errors are kUnavailable: the peer is gone, or did not do its part in time. None
// raises SIGPIPE.
class BlockingConnection {
 public:
  using Deadline = std::optional<std::chrono::steady_clock::time_point>;

  // No call waits longer than `limit` for the peer.
  BlockingConnection(files::Descriptor socket, Duration limit);
  ~BlockingConnection();
  BlockingConnection(const BlockingConnection&) = delete;
  BlockingConnection& operator=(const BlockingConnection&) = delete;

  void SetLimit(Duration limit) { limit_ = limit; }
  // And none waits beyond this; nullopt: there is no such end.
  void SetDeadline(Deadline deadline) { deadline_ = deadline; }

  Result<void> SecureAsServer(const TlsContext& context);
  // kForbidden unless the server shows the certificate of that SHA-256 (of its DER, 64 lower-case hexadecimal digits).
  // Nothing else about it matters: not its names, its age or who signed it.
  Result<void> SecureAsClient(const TlsContext& context, const std::string& certificate);

  // Fills a part of the buffer; 0: the peer sends no more. REQUIRES: the buffer has room.
  Result<size_t> Read(std::span<char> buffer);
  // All of it.
  Result<void> Write(std::string_view bytes);
  // Whether Read() would have something to say at once.
  bool Readable() const;
  // Tells the peer that no more comes.
  void EndWriting();

  // Ends what is under way on another thread, and all that comes, with errors or the end. Not while or after the
  // connection is destroyed.
  void Cut();

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const;
  };

  Result<void> Wait(short events) const;
  Result<void> Secure(const TlsContext& context, int (*handshake)(SSL*), const char* what);
  // Calls OpenSSL until it does not want to wait; 0: the peer sends no more.
  template <typename Call>
  Result<size_t> Tls(Call call);

  files::Descriptor socket_;
  Duration limit_;
  Deadline deadline_;
  std::unique_ptr<SSL, FreeSsl> ssl_;  // null: plain
};

}  // namespace coreflow::http
