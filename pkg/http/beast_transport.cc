// With server.cc and message_reader.cc the only file that knows Beast and Asio.
#include "pkg/http/beast_transport.h"

// Asio 1.74 uses std::exchange without including it.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <cerrno>
#include <chrono>
#include <deque>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "pkg/http/base_url.h"
#include "pkg/http/dispatcher.h"
#include "pkg/http/headers.h"
#include "pkg/http/request_text.h"
#include "pkg/http/tls_client.h"

namespace coreflow::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::seconds;

// Naming the executor spares the type-erased one, which costs at every operation.
using Executor = asio::io_context::executor_type;
using Socket = tcp::socket::rebind_executor<Executor>::other;
using Resolver = tcp::resolver::rebind_executor<Executor>::other;
using Timer = asio::steady_timer::rebind_executor<Executor>::other;
using Tls = asio::ssl::stream<Socket&>;

constexpr size_t kReadAtOnce = size_t{16} << 10;  // a record of TLS
constexpr uint32_t kMaxHeader = 64 << 10;
// Leaves the second address of a name its turn before a request's deadline.
constexpr seconds kConnectLimit{5};
constexpr seconds kHandshakeLimit{10};
// Much shorter than what servers grant (the API server 90 s), so that a request seldom meets a connection that is being
// closed, and so that those of a burst go soon: each holds 130 KB.
constexpr seconds kIdleLimit{10};

// The server that a transport was made for, and the way to it.
struct Route {
  Options options;
  BaseUrl server;
  std::optional<BaseUrl> proxy = {};
  std::string tls_name = {};  // that the certificate must have
  bool tls_name_is_address = false;

  const BaseUrl& FirstHop() const { return proxy ? *proxy : server; }
};

// Reads one answer and hands it on in place, as the bytes come.
class AnswerParser : public beast::http::basic_parser<false> {
 public:
  // Null: nobody wants it.
  AnswerParser(Exchange* exchange, bool head_only) : exchange_(exchange) {
    header_limit(kMaxHeader);
    body_limit(std::numeric_limits<uint64_t>::max());  // the receiver has its own; none at all means 0 to Beast 1.74
    eager(true);
    skip(head_only);
  }

  int status() const { return status_; }
  // Comes before the answer, which is still to be read: "100 Continue".
  bool interim() const { return status() / 100 == 1; }

 private:
  // Made up: the receiver has had enough, and the exchange knows why.
  static void StopUnless(bool go_on, error_code& error) {
    if (!go_on) error = asio::error::operation_aborted;
  }

  void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int, error_code&) override {}
  void on_response_impl(int code, beast::string_view, int, error_code&) override { status_ = head_.status = code; }
  void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value, error_code&) override {
    auto [entry, added] = head_.headers.try_emplace(LowerCase({name.data(), name.size()}));
    if (!added) entry->second += ", ";
    entry->second.append(value.data(), value.size());
  }
  void on_header_impl(error_code& error) override {
    if (exchange_ != nullptr && !interim()) StopUnless(exchange_->Head(std::move(head_)), error);
  }
  void on_body_init_impl(const boost::optional<uint64_t>&, error_code&) override {}
  size_t on_body_impl(beast::string_view bytes, error_code& error) override {
    if (exchange_ != nullptr) StopUnless(exchange_->Bytes({bytes.data(), bytes.size()}), error);
    return bytes.size();
  }
  void on_chunk_header_impl(uint64_t, beast::string_view, error_code&) override {}
  size_t on_chunk_body_impl(uint64_t, beast::string_view bytes, error_code& error) override {
    return on_body_impl(bytes, error);
  }
  void on_finish_impl(error_code&) override {}

  Exchange* const exchange_;
  int status_ = 0;
  Response head_;  // until it is handed on
};

class Connection;

// One request on its way.
struct Errand {
  std::string text;  // as it goes over the wire
  bool head_only = false;
  bool repeatable = false;
  bool repeated = false;
  std::shared_ptr<Exchange> exchange;
  std::weak_ptr<Connection> connection = {};  // where it is now

  void Abort();
};

// Puts requests on connections, and keeps those between requests.
class Pool {
 public:
  Pool(asio::io_context& io, const Route& route, std::shared_ptr<const TlsClient> tls)
      : io_(io), route_(route), tls_(std::move(tls)) {}

  // From now on no connection is used that shows something else.
  void Show(std::shared_ptr<const TlsClient> tls);
  void Run(const std::shared_ptr<Errand>& errand);
  void RunAnew(const std::shared_ptr<Errand>& errand);
  // Takes a connection that is ready for the next request.
  void Keep(const std::shared_ptr<Connection>& connection);
  void Forget(const std::shared_ptr<Connection>& connection) { std::erase(idle_, connection); }

  const std::shared_ptr<const TlsClient>& tls() const { return tls_; }

 private:
  std::shared_ptr<Connection> TakeIdle();

  asio::io_context& io_;
  const Route& route_;
  std::shared_ptr<const TlsClient> tls_;
  std::deque<std::shared_ptr<Connection>> idle_;  // the last used at the end, which is used next
};

// A connection that carries one request after the other. A read is always under way, so that the server's closing is
// seen at once. Handlers that come after Close() do nothing.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(asio::io_context& io, const Route& route, Pool& pool)
      : route_(route), pool_(pool), tls_client_(pool.tls()), resolver_(io), limit_(io), socket_(io) {}

  // Once: for a new connection, which then runs the errand.
  void Open(const std::shared_ptr<Errand>& errand);
  // For one from the pool.
  void Run(const std::shared_ptr<Errand>& errand);
  void Close();

  std::chrono::steady_clock::duration IdleFor() const { return std::chrono::steady_clock::now() - idle_since_; }
  // The server has not spoken or closed, which would be news that the read has not brought yet.
  bool Quiet();

 private:
  enum class Sent { kPerhaps, kNothing, kAll };

  void Take(const std::shared_ptr<Errand>& errand);
  // The steps of opening, each of which begins the next.
  void Resolve();
  void ConnectNext();
  void Tunnel();
  void ReadTunnelAnswer();
  void Secure();
  Result<void> PrepareTls();
  void Handshake();
  void Carry();

  void Limit(seconds limit);
  // What a step came to: its own error, or that its time was up.
  error_code Outcome(error_code error) const { return timed_out_ ? asio::error::timed_out : error; }

  void Write();
  void Read();
  void OnRead(error_code error, size_t count);
  error_code Parse();
  void Finish(bool keep);
  void Lost(error_code error);
  void Fail(const std::string& doing, const std::string& why);

  template <typename Use>
  void WithStream(Use use) {
    tls_ ? use(*tls_) : use(socket_);
  }

  const Route& route_;
  Pool& pool_;
  const std::shared_ptr<const TlsClient> tls_client_;
  Resolver resolver_;
  Timer limit_;
  Socket socket_;
  std::optional<Tls> tls_;
  std::vector<tcp::endpoint> addresses_;
  size_t next_address_ = 0;
  std::string tunnel_request_;

  beast::flat_buffer buffer_{kMaxHeader + kReadAtOnce};
  std::optional<AnswerParser> parser_;
  std::shared_ptr<Errand> errand_;  // null: idle
  Sent sent_ = Sent::kPerhaps;
  bool used_before_ = false;
  bool timed_out_ = false;
  bool closed_ = false;
  std::chrono::steady_clock::time_point idle_since_;
};

void Errand::Abort() {
  if (auto on = connection.lock()) on->Close();
}

void Pool::Show(std::shared_ptr<const TlsClient> tls) {
  tls_ = std::move(tls);
  for (const auto& connection : std::exchange(idle_, {})) connection->Close();
}

void Pool::Run(const std::shared_ptr<Errand>& errand) {
  if (errand->exchange->ended()) return;
  if (auto kept = TakeIdle()) return kept->Run(errand);
  RunAnew(errand);
}

void Pool::RunAnew(const std::shared_ptr<Errand>& errand) {
  std::make_shared<Connection>(io_, route_, *this)->Open(errand);
}

std::shared_ptr<Connection> Pool::TakeIdle() {
  while (!idle_.empty()) {
    auto connection = idle_.back();
    idle_.pop_back();
    if (connection->IdleFor() < kIdleLimit && connection->Quiet()) return connection;
    connection->Close();
  }
  return nullptr;
}

void Pool::Keep(const std::shared_ptr<Connection>& connection) {
  idle_.push_back(connection);
  while (idle_.front()->IdleFor() >= kIdleLimit) {
    auto old = idle_.front();
    idle_.pop_front();
    old->Close();
  }
}

void Connection::Take(const std::shared_ptr<Errand>& errand) {
  errand_ = errand;
  errand_->connection = weak_from_this();
  parser_.emplace(errand->exchange.get(), errand->head_only);
  sent_ = Sent::kPerhaps;
}

void Connection::Open(const std::shared_ptr<Errand>& errand) {
  Take(errand);
  Resolve();
}

void Connection::Run(const std::shared_ptr<Errand>& errand) {
  Take(errand);
  Write();
}

void Connection::Close() {
  if (std::exchange(closed_, true)) return;
  errand_.reset();
  limit_.cancel();
  resolver_.cancel();
  error_code ignored;
  socket_.close(ignored);
  pool_.Forget(shared_from_this());
}

bool Connection::Quiet() {
  char byte = 0;
  return ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
         (errno == EAGAIN || errno == EWOULDBLOCK);
}

void Connection::Limit(seconds limit) {
  limit_.expires_after(limit);
  limit_.async_wait([self = shared_from_this()](error_code error) {
    if (error || self->limit_.expiry() > Timer::clock_type::now()) return;
    self->timed_out_ = true;
    error_code ignored;
    self->socket_.close(ignored);
  });
}

void Connection::Resolve() {
  const BaseUrl& hop = route_.FirstHop();
  error_code no_address;
  if (auto address = asio::ip::make_address(hop.host, no_address); !no_address) {
    addresses_.emplace_back(address, hop.port);  // spares the resolver its thread
    return ConnectNext();
  }
  // Without a limit: the system's own resolver has one, and can't be stopped.
  auto found = [self = shared_from_this()](error_code error, const tcp::resolver::results_type& entries) {
    if (self->closed_) return;
    if (error) return self->Fail("can't find " + self->route_.FirstHop().host, error.message());
    for (const auto& entry : entries) self->addresses_.push_back(entry.endpoint());
    self->ConnectNext();
  };
  resolver_.async_resolve(hop.host, std::to_string(hop.port), tcp::resolver::numeric_service, std::move(found));
}

void Connection::ConnectNext() {
  error_code ignored;
  socket_.close(ignored);
  timed_out_ = false;
  Limit(kConnectLimit);
  socket_.async_connect(addresses_[next_address_++], [self = shared_from_this()](error_code error) {
    if (self->closed_) return;
    error = self->Outcome(error);
    if (error && self->next_address_ < self->addresses_.size()) return self->ConnectNext();
    if (error) return self->Fail("can't connect to " + Authority(self->route_.FirstHop()), error.message());
    error_code ignored;
    self->socket_.set_option(tcp::no_delay(true), ignored);
    self->Limit(kHandshakeLimit);
    if (self->route_.proxy && self->route_.server.tls) return self->Tunnel();
    self->Secure();
  });
}

void Connection::Tunnel() {
  tunnel_request_ = ConnectText(route_.server);
  parser_.emplace(nullptr, true);
  asio::async_write(socket_, asio::buffer(tunnel_request_), [self = shared_from_this()](error_code error, size_t) {
    if (self->closed_) return;
    if ((error = self->Outcome(error))) return self->Fail("no tunnel through the proxy", error.message());
    self->ReadTunnelAnswer();
  });
}

void Connection::ReadTunnelAnswer() {
  socket_.async_read_some(buffer_.prepare(kReadAtOnce), [self = shared_from_this()](error_code error, size_t count) {
    if (self->closed_) return;
    error = self->Outcome(error);
    if (!error) {
      self->buffer_.commit(count);
      self->buffer_.consume(self->parser_->put(self->buffer_.cdata(), error));
    }
    if (error == beast::http::error::need_more) return self->ReadTunnelAnswer();
    if (error) return self->Fail("no tunnel through the proxy", error.message());
    if (self->parser_->status() / 100 != 2) {
      return self->Fail("no tunnel through the proxy", "status " + std::to_string(self->parser_->status()));
    }
    self->buffer_.clear();
    self->Secure();
  });
}

void Connection::Secure() {
  if (!route_.server.tls) return Carry();
  if (auto prepared = PrepareTls(); !prepared) return Fail("can't use TLS", prepared.error().message);
  Handshake();
}

Result<void> Connection::PrepareTls() {
  asio::ssl::context context(asio::ssl::context::tls_client);
  TRY_VOID(tls_client_->Apply(context.native_handle()));
  tls_.emplace(socket_, context);
  SSL* ssl = tls_->native_handle();
  const std::string& name = route_.tls_name;
  if (route_.options.insecure_skip_tls_verify) {
    SSL_set_verify(ssl, SSL_VERIFY_NONE, nullptr);
  } else {
    SSL_set_verify(ssl, SSL_VERIFY_PEER, nullptr);
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    const int named = route_.tls_name_is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name.c_str())
                                                 : SSL_set1_host(ssl, name.c_str());
    if (named != 1) return Error{.code = Code::kInvalid, .message = "can't check for the name " + name};
  }
  // No SNI for an address: the standard forbids it.
  if (!route_.tls_name_is_address && SSL_set_tlsext_host_name(ssl, name.c_str()) != 1) {
    return Error{.code = Code::kInvalid, .message = "can't ask for the name " + name};
  }
  return {};
}

void Connection::Handshake() {
  tls_->async_handshake(Tls::client, [self = shared_from_this()](error_code error) {
    if (self->closed_) return;
    if (!(error = self->Outcome(error))) return self->Carry();
    std::string why = error.message();
    if (long verdict = SSL_get_verify_result(self->tls_->native_handle()); verdict != X509_V_OK) {
      why += std::string(": ") + X509_verify_cert_error_string(verdict);
    }
    self->Fail("no TLS with " + Authority(self->route_.server), why);
  });
}

void Connection::Carry() {
  limit_.expires_at(Timer::time_point::max());
  parser_.emplace(errand_->exchange.get(), errand_->head_only);
  Read();
  Write();
}

void Connection::Write() {
  WithStream([&](auto& stream) {
    auto sent = [self = shared_from_this(), errand = errand_](error_code error, size_t count) {
      if (self->errand_ != errand) return;
      // What an error means the read will tell: the server may have answered before it closed.
      if (!error) self->sent_ = Sent::kAll;
      if (error && count == 0) self->sent_ = Sent::kNothing;
    };
    asio::async_write(stream, asio::buffer(errand_->text), std::move(sent));
  });
}

void Connection::Read() {
  WithStream([&](auto& stream) {
    stream.async_read_some(buffer_.prepare(kReadAtOnce),
                           [self = shared_from_this()](error_code error, size_t count) { self->OnRead(error, count); });
  });
}

void Connection::OnRead(error_code error, size_t count) {
  if (closed_) return;
  if (!errand_) return Close();  // an idle server has only one thing to say
  if (error == asio::error::eof && parser_->got_some()) {
    parser_->put_eof(error);  // the end of an answer that has no length
    if (!error) return Finish(false);
  }
  if (error) return Lost(error);
  buffer_.commit(count);
  error = Parse();
  if (closed_) return;
  if (error) return Lost(error);
  if (parser_->is_done()) return Finish(parser_->keep_alive() && sent_ == Sent::kAll && buffer_.size() == 0);
  Read();
}

error_code Connection::Parse() {
  while (buffer_.size() > 0 && !parser_->is_done()) {
    error_code error;
    buffer_.consume(parser_->put(buffer_.cdata(), error));
    // The parser bounds headers itself, but not what may stand beside the size of a chunk.
    if (error == beast::http::error::need_more && buffer_.size() >= kMaxHeader) return error;
    if (error == beast::http::error::need_more) break;
    if (error) return error;
    if (parser_->is_done() && parser_->interim()) parser_.emplace(errand_->exchange.get(), errand_->head_only);
  }
  return {};
}

void Connection::Finish(bool keep) {
  auto errand = std::exchange(errand_, nullptr);
  errand->connection.reset();
  if (keep && tls_client_ == pool_.tls()) {
    used_before_ = true;
    idle_since_ = std::chrono::steady_clock::now();
    pool_.Keep(shared_from_this());
    Read();
  } else {
    Close();
  }
  errand->exchange->Close({});
}

void Connection::Lost(error_code error) {
  auto errand = errand_;
  const bool safe = errand->repeatable || sent_ == Sent::kNothing;
  if (!used_before_ || parser_->got_some() || errand->repeated || !safe || errand->exchange->ended()) {
    return Fail("no whole answer", error.message());
  }
  Close();
  errand->repeated = true;
  pool_.RunAnew(errand);
}

void Connection::Fail(const std::string& doing, const std::string& why) {
  auto errand = errand_;
  Close();
  errand->exchange->Close(Error{.code = Code::kUnavailable, .message = doing + ": " + why});
}

class BeastWire : public Wire {
 public:
  BeastWire(Route route, std::shared_ptr<const TlsClient> tls)
      : route_(std::move(route)), pool_(io_, route_, std::move(tls)), thread_([this] { io_.run(); }) {}

  ~BeastWire() override {
    io_.stop();
    thread_.join();
  }

  void Start(Request request, Kind, ClientCertificate certificate, std::shared_ptr<Exchange> exchange) override {
    auto errand =
        std::make_shared<Errand>(Errand{.text = RequestText(request, route_.server, route_.proxy && !route_.server.tls),
                                        .head_only = request.method == "HEAD",
                                        .repeatable = IsRepeatable(request.method),
                                        .exchange = exchange});
    exchange->OnAbort([this, weak = std::weak_ptr(errand)] {
      asio::post(io_, [weak] {
        if (auto aborted = weak.lock()) aborted->Abort();
      });
    });
    asio::post(io_, [this, errand, certificate = std::move(certificate)] { Run(errand, certificate); });
  }

 private:
  // On thread_.
  void Run(const std::shared_ptr<Errand>& errand, const ClientCertificate& certificate) {
    if (certificate != shown_) {
      auto tls = TlsClient::Make(route_.options, certificate);
      if (!tls) return errand->exchange->Close(tls.error());
      pool_.Show(*std::move(tls));
      shown_ = certificate;
    }
    pool_.Run(errand);
  }

  const Route route_;
  asio::io_context io_{1};
  const asio::executor_work_guard<Executor> busy_{io_.get_executor()};
  Pool pool_;                // only on thread_, as shown_
  ClientCertificate shown_;  // by new connections
  std::thread thread_;
};

Result<Route> MakeRoute(Options options) {
  TRY(BaseUrl server, ParseBaseUrl(options.url));
  std::optional<BaseUrl> proxy;
  if (!options.proxy_url.empty()) {
    TRY(proxy, ParseBaseUrl(options.proxy_url));
    if (proxy->tls) {
      return Error{.code = Code::kInvalid, .message = options.proxy_url + ": a proxy must be plain http://"};
    }
  }
  std::string name = options.tls_server_name.empty() ? server.host : options.tls_server_name;
  error_code no_address;
  asio::ip::make_address(name, no_address);
  return Route{.options = std::move(options),
               .server = std::move(server),
               .proxy = std::move(proxy),
               .tls_name = std::move(name),
               .tls_name_is_address = !no_address};
}

}  // namespace

Result<std::unique_ptr<Transport>> NewBeastTransport(const Options& options) {
  TRY(Route route, MakeRoute(options));
  TRY(auto tls, TlsClient::Make(options, {}));
  auto wire = std::make_unique<BeastWire>(std::move(route), std::move(tls));
  return std::unique_ptr<Transport>(std::make_unique<Dispatcher>(options, std::move(wire)));
}

}  // namespace coreflow::http
