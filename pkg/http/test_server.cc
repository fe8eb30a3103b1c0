#include "pkg/http/test_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>

#include "pkg/base/check.h"

namespace coreflow::http {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kForever{30'000};  // longer than any test waits, short enough to end a broken one

std::shared_ptr<BIO> Memory(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
}

std::shared_ptr<X509> ReadCertificate(const std::string& pem) {
  return {PEM_read_bio_X509(Memory(pem).get(), nullptr, nullptr, nullptr), X509_free};
}

std::shared_ptr<SSL_CTX> MakeContext(const TestServer::Options& options) {
  std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  std::shared_ptr<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(Memory(options.identity->key_pem).get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
  SSL_CTX_use_certificate(context.get(), ReadCertificate(options.identity->chain_pem).get());
  CHECK(SSL_CTX_use_PrivateKey(context.get(), key.get()) == 1, "the test made the key");
  if (!options.client_ca_pem.empty()) {
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), ReadCertificate(options.client_ca_pem).get());
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  }
  return context;
}

// A non-blocking socket with or without TLS; every wait is bounded.
class Pipe {
 public:
  Pipe(int socket, SSL_CTX* context) : socket_(socket) {
    ::fcntl(socket_, F_SETFL, O_NONBLOCK);
    if (context != nullptr) {
      tls_.reset(SSL_new(context), SSL_free);
      SSL_set_fd(tls_.get(), socket_);
    }
  }

  int socket() const { return socket_; }
  SSL* tls() const { return tls_.get(); }

  bool Handshake() {
    if (!tls_) return true;
    return Retry(kForever, [this] { return SSL_accept(tls_.get()); }) == 1;
  }

  // Bytes read; 0 at the end, -1 when nothing came in time.
  long Read(char* data, size_t size, milliseconds limit) {
    if (tls_) return Retry(limit, [&] { return SSL_read(tls_.get(), data, static_cast<int>(size)); });
    while (true) {
      long got = ::recv(socket_, data, size, 0);
      if (got >= 0) return got;
      if (errno != EAGAIN) return 0;
      if (!Poll(POLLIN, limit)) return -1;
    }
  }

  // Bytes written; 0 when the peer has gone, -1 when nothing could be written in time.
  long Write(const char* data, size_t size, milliseconds limit) {
    if (tls_) return Retry(limit, [&] { return SSL_write(tls_.get(), data, static_cast<int>(size)); });
    while (true) {
      long put = ::send(socket_, data, size, MSG_NOSIGNAL);
      if (put >= 0) return put;
      if (errno != EAGAIN) return 0;
      if (!Poll(POLLOUT, limit)) return -1;
    }
  }

 private:
  bool Poll(short events, milliseconds limit) const {
    pollfd entry{.fd = socket_, .events = events, .revents = 0};
    return ::poll(&entry, 1, static_cast<int>(limit.count())) > 0;
  }

  template <typename Step>
  long Retry(milliseconds limit, Step step) {
    while (true) {
      int done = step();
      if (done > 0) return done;
      int error = SSL_get_error(tls_.get(), done);
      if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) return 0;
      if (!Poll(error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, limit)) return -1;
    }
  }

  const int socket_;
  std::shared_ptr<SSL> tls_;
};

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

Request ParseHead(const std::string& head) {
  Request request;
  size_t line_end = head.find("\r\n");
  std::string first = head.substr(0, line_end);
  size_t space = first.find(' ');
  request.method = first.substr(0, space);
  request.target = first.substr(space + 1, first.rfind(' ') - space - 1);
  for (size_t at = line_end + 2; at < head.size(); at = line_end + 2) {
    line_end = head.find("\r\n", at);
    size_t colon = head.find(':', at);
    size_t value = std::min(head.find_first_not_of(' ', colon + 1), line_end);
    request.headers.emplace_back(Lower(head.substr(at, colon - at)), head.substr(value, line_end - value));
  }
  return request;
}

class Talk : public TestServer::Conversation {
 public:
  explicit Talk(Pipe& pipe) : pipe_(pipe) {}

  // Reads the next request of the connection; false at its end.
  bool Next() {
    size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
      if (!More()) return false;
    }
    request_ = ParseHead(input_.substr(0, end + 2));
    input_.erase(0, end + 4);
    size_t length = 0;
    for (const auto& [name, value] : request_.headers) {
      if (name == "content-length") length = std::stoul(value);
    }
    while (input_.size() < length) {
      if (!More()) return false;
    }
    request_.body = input_.substr(0, length);
    input_.erase(0, length);
    return true;
  }

  bool hung_up() const { return hung_up_; }

  const Request& request() const override { return request_; }

  std::string client_name() const override {
    if (pipe_.tls() == nullptr) return "";
    std::shared_ptr<X509> peer(SSL_get1_peer_certificate(pipe_.tls()), X509_free);
    if (!peer) return "";
    std::array<char, 256> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, name.data(), name.size());
    return name.data();
  }

  bool Write(std::string_view bytes) override { return WriteWithin(bytes, kForever); }

  bool WriteWithin(std::string_view bytes, milliseconds stall) override {
    while (!bytes.empty()) {
      long put = pipe_.Write(bytes.data(), bytes.size(), stall);
      if (put <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(put));
    }
    return true;
  }

  bool ClientClosed(milliseconds limit) override {
    std::array<char, 4096> buffer{};
    while (true) {
      long got = pipe_.Read(buffer.data(), buffer.size(), limit);
      if (got <= 0) return got == 0;
    }
  }

  void Hangup() override { hung_up_ = true; }

  void Splice(uint16_t port) override {
    hung_up_ = true;
    int other = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(other, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
      while (Copy(other)) {
      }
    }
    ::close(other);
  }

 private:
  bool Copy(int other) const {
    std::array<pollfd, 2> ends{pollfd{.fd = pipe_.socket(), .events = POLLIN, .revents = 0},
                               pollfd{.fd = other, .events = POLLIN, .revents = 0}};
    if (::poll(ends.data(), ends.size(), static_cast<int>(kForever.count())) <= 0) return false;
    std::array<char, 16384> buffer{};
    for (size_t i = 0; i < ends.size(); ++i) {
      if (ends[i].revents == 0) continue;
      long got = ::recv(ends[i].fd, buffer.data(), buffer.size(), 0);
      if (got <= 0 || ::send(ends[1 - i].fd, buffer.data(), static_cast<size_t>(got), MSG_NOSIGNAL) != got)
        return false;
    }
    return true;
  }

  bool More() {
    std::array<char, 16384> buffer{};
    long got = pipe_.Read(buffer.data(), buffer.size(), kForever);
    if (got <= 0) return false;
    input_.append(buffer.data(), static_cast<size_t>(got));
    return true;
  }

  Pipe& pipe_;
  std::string input_;
  Request request_;
  bool hung_up_ = false;
};

}  // namespace

void Signal::Set() {
  std::lock_guard lock(mu_);
  happened_ = true;
  changed_.notify_all();
}

bool Signal::Wait(milliseconds limit) const {
  std::unique_lock lock(mu_);
  return changed_.wait_for(lock, limit, [this] { return happened_; });
}

void TestServer::Conversation::Answer(const Response& response) {
  std::string text = "HTTP/1.1 " + std::to_string(response.status) + " Status\r\n";
  for (const auto& [name, value] : response.headers) text += name + ": " + value + "\r\n";
  if (response.status != 204) text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  Write(text + "\r\n" + response.body);
}

bool TestServer::Conversation::StartChunks(int status) {
  return Write("HTTP/1.1 " + std::to_string(status) + " Status\r\nTransfer-Encoding: chunked\r\n\r\n");
}

bool TestServer::Conversation::Chunk(std::string_view bytes) {
  std::array<char, 32> size{};
  int length = std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  std::string text(size.data(), static_cast<size_t>(length));
  return Write(text.append(bytes).append("\r\n"));
}

bool TestServer::Conversation::EndChunks() { return Write("0\r\n\r\n"); }

TestServer::TestServer(Options options, Script script) : options_(std::move(options)), script_(std::move(script)) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes without MSG_NOSIGNAL
  if (options_.identity) tls_ = MakeContext(options_);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  CHECK(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0, "loopback has a free port");
  CHECK(::listen(listener_, 512) == 0, "a bound socket listens");
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  accepting_ = std::thread([this] { Accept(); });
}

TestServer::~TestServer() {
  {
    std::lock_guard lock(mu_);
    stopping_ = true;
    ::shutdown(listener_, SHUT_RDWR);
    for (int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  }
  accepting_.join();
  for (std::thread& thread : serving_) thread.join();
  ::close(listener_);
}

void TestServer::CutAll() {
  std::lock_guard lock(mu_);
  for (int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
}

std::string TestServer::url() const {
  return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_);
}

void TestServer::Accept() {
  while (true) {
    int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    std::lock_guard lock(mu_);
    if (stopping_ || socket < 0) {
      if (socket >= 0) ::close(socket);
      return;
    }
    int one = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    ++connections_;
    sockets_.insert(socket);
    serving_.emplace_back([this, socket] { Serve(socket); });
  }
}

void TestServer::Serve(int socket) {
  {
    Pipe pipe(socket, static_cast<SSL_CTX*>(tls_.get()));
    Talk talk(pipe);
    if (pipe.Handshake()) {
      while (!talk.hung_up() && talk.Next()) script_(talk);
    }
  }
  std::lock_guard lock(mu_);
  sockets_.erase(socket);
  ::close(socket);
}

}  // namespace coreflow::http
