#include "pkg/http/blocking_connection.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <system_error>
#include <utility>

#include "pkg/base/check.h"
#include "pkg/base/hex.h"
#include "pkg/http/socket_bio.h"
#include "pkg/http/tls_client.h"

namespace coreflow::http {

namespace {

Error Broken(const std::string& why) {
  return {.code = Code::kUnavailable, .message = "the connection is broken: " + why};
}
Error Broken(int error) { return Broken(std::generic_category().message(error)); }

int SizeOf(size_t size) { return static_cast<int>(std::min<size_t>(size, INT_MAX)); }

// Of the certificate that the peer showed; "" when it showed none.
std::string PeerCertificate(SSL* ssl) {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl), X509_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (!certificate || X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1) return "";
  return ToHex({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace

void BlockingConnection::FreeSsl::operator()(SSL* ssl) const { SSL_free(ssl); }

BlockingConnection::BlockingConnection(files::Descriptor socket, Duration limit)
    : socket_(std::move(socket)), limit_(limit) {
  const int flags = ::fcntl(socket_.get(), F_GETFL);
  CHECK(::fcntl(socket_.get(), F_SETFL, flags | O_NONBLOCK) == 0, "it is an open socket");
}

BlockingConnection::~BlockingConnection() = default;

Result<void> BlockingConnection::Wait(short events) const {
  auto wait = limit_;
  if (deadline_) {
    const auto left = std::chrono::ceil<Duration>(*deadline_ - std::chrono::steady_clock::now());
    wait = std::clamp(left, Duration(0), wait);
  }
  pollfd one{.fd = socket_.get(), .events = events, .revents = 0};
  const int ready = ::poll(&one, 1, static_cast<int>(wait.count()));
  if (ready == 0) return Broken("the other side took too long");
  if (ready < 0 && errno != EINTR) return Broken(errno);
  return {};
}

template <typename Call>
Result<size_t> BlockingConnection::Tls(Call call) {
  while (true) {
    ERR_clear_error();
    errno = 0;
    const int done = call(ssl_.get());
    if (done > 0) return static_cast<size_t>(done);
    switch (SSL_get_error(ssl_.get(), done)) {
      case SSL_ERROR_WANT_READ: TRY_VOID(Wait(POLLIN)); break;
      case SSL_ERROR_WANT_WRITE: TRY_VOID(Wait(POLLOUT)); break;
      case SSL_ERROR_ZERO_RETURN: return size_t{0};
      case SSL_ERROR_SYSCALL: return errno != 0 ? Broken(errno) : Broken("the other side closed it");
      default: return Broken(TlsError());
    }
  }
}

Result<void> BlockingConnection::Secure(const TlsContext& context, int (*handshake)(SSL*), const char* what) {
  ssl_.reset(SSL_new(context.get()));
  CHECK(ssl_ != nullptr, "there is memory");
  BIO* bio = NewSocketBio(socket_.get());
  SSL_set_bio(ssl_.get(), bio, bio);
  auto done = Tls(handshake);
  if (done && *done > 0) return {};
  return Error{.code = Code::kUnavailable,
               .message = std::string(what) + ": " + (done ? "the other side closed it" : done.error().message)};
}

Result<void> BlockingConnection::SecureAsServer(const TlsContext& context) {
  return Secure(context, &SSL_accept, "no TLS with the client");
}

Result<void> BlockingConnection::SecureAsClient(const TlsContext& context, const std::string& certificate) {
  TRY_VOID(Secure(context, &SSL_connect, "no TLS with the server"));
  if (const std::string shown = PeerCertificate(ssl_.get()); shown != certificate) {
    return Error{.code = Code::kForbidden,
                 .message = "the server shows the certificate " + shown + ", not " + certificate};
  }
  return {};
}

Result<size_t> BlockingConnection::Read(std::span<char> buffer) {
  if (ssl_) {
    return Tls([&](SSL* ssl) { return SSL_read(ssl, buffer.data(), SizeOf(buffer.size())); });
  }
  while (true) {
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count >= 0) return static_cast<size_t>(count);
    if (errno != EAGAIN && errno != EINTR) return Broken(errno);
    TRY_VOID(Wait(POLLIN));
  }
}

Result<void> BlockingConnection::Write(std::string_view bytes) {
  while (!bytes.empty()) {
    if (ssl_) {
      TRY(const size_t count, Tls([&](SSL* ssl) { return SSL_write(ssl, bytes.data(), SizeOf(bytes.size())); }));
      if (count == 0) return Broken("the other side closed it");
      bytes.remove_prefix(count);
      continue;
    }
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<size_t>(count));
    } else if (errno != EAGAIN && errno != EINTR) {
      return Broken(errno);
    } else {
      TRY_VOID(Wait(POLLOUT));
    }
  }
  return {};
}

bool BlockingConnection::Readable() const {
  if (ssl_ && SSL_pending(ssl_.get()) > 0) return true;
  pollfd one{.fd = socket_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&one, 1, 0) > 0;
}

void BlockingConnection::EndWriting() {
  if (ssl_) SSL_shutdown(ssl_.get());
  ::shutdown(socket_.get(), SHUT_WR);
}

void BlockingConnection::Cut() { ::shutdown(socket_.get(), SHUT_RDWR); }

}  // namespace coreflow::http
