#include "pkg/http/server.h"

// Asio 1.74 uses std::exchange without including it.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace coreflow::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

constexpr size_t kReadAtOnce = 4096;
constexpr std::chrono::milliseconds kAcceptAgain{100};

class Session;

// What the sessions of one server share. Only on its thread.
struct House {
  Server::Options options;
  Server::Routes routes;
  std::set<std::shared_ptr<Session>> sessions = {};
  bool stopping = false;
  std::function<void()> emptied = {};  // called when the last session leaves
};

Response Route(const House& house, const Request& request) {
  auto route = house.routes.find(request.target.substr(0, request.target.find('?')));
  if (route == house.routes.end()) return {.status = 404, .body = "not found\n"};
  return route->second(request);
}

Request Convert(const beast::http::request<beast::http::string_body>& message) {
  Request request{.method = std::string(message.method_string()), .target = std::string(message.target())};
  for (const auto& field : message) {
    std::string name(field.name_string());
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    request.headers.emplace_back(std::move(name), std::string(field.value()));
  }
  request.body = message.body();
  return request;
}

// One connection: waits for a request, reads it, answers, and waits for the next.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, House& house)
      : stream_(std::move(socket)), buffer_(house.options.max_header + kReadAtOnce), house_(house) {}

  void Start() { AwaitRequest(house_.options.header_timeout); }
  bool idle() const { return idle_; }
  void Close() { stream_.close(); }

 private:
  void Leave() {
    Close();
    house_.sessions.erase(shared_from_this());
    if (house_.sessions.empty()) house_.emptied();
  }

  void AwaitRequest(std::chrono::milliseconds limit) {
    idle_ = true;
    parser_.emplace();
    parser_->header_limit(static_cast<uint32_t>(house_.options.max_header));
    parser_->body_limit(house_.options.max_body);
    if (buffer_.size() > 0) return ReadHeader();
    stream_.expires_after(limit);
    stream_.async_read_some(buffer_.prepare(kReadAtOnce), [self = shared_from_this()](error_code error, size_t count) {
      if (error) return self->Leave();
      self->buffer_.commit(count);
      self->ReadHeader();
    });
  }

  void ReadHeader() {
    idle_ = false;
    stream_.expires_after(house_.options.header_timeout);
    beast::http::async_read_header(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, size_t) {
      if (error) return self->Refuse(error);
      self->ReadBody();
    });
  }

  void ReadBody() {
    stream_.expires_after(house_.options.body_timeout);
    beast::http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, size_t) {
      if (error) return self->Refuse(error);
      self->Answer();
    });
  }

  void Refuse(error_code error) {
    namespace http = beast::http;
    int status = 400;
    if (error == http::error::header_limit || error == http::error::buffer_overflow) {
      status = 431;
    } else if (error == http::error::body_limit) {
      status = 413;
    } else if (error.category() != http::make_error_code(http::error::bad_method).category() ||
               error == http::error::end_of_stream || error == http::error::partial_message) {
      return Leave();  // the connection is gone or too slow; there is nobody to tell
    }
    Write({.status = status}, false);
  }

  void Answer() {
    const auto& message = parser_->get();
    bool keep = message.keep_alive() && !house_.stopping;
    head_only_ = message.method() == beast::http::verb::head;
    Write(Route(house_, Convert(message)), keep);
  }

  void Write(Response response, bool keep) {
    answer_ = {};
    answer_.version(11);
    answer_.result(static_cast<unsigned>(response.status));
    for (const auto& [name, value] : response.headers) answer_.set(name, value);
    answer_.keep_alive(keep);
    answer_.content_length(response.body.size());
    if (!head_only_) answer_.body() = std::move(response.body);
    head_only_ = false;
    stream_.expires_after(house_.options.body_timeout);
    beast::http::async_write(stream_, answer_, [self = shared_from_this(), keep](error_code error, size_t) {
      if (error || !keep || self->house_.stopping) return self->Linger();
      self->AwaitRequest(self->house_.options.idle_timeout);
    });
  }

  // Closing with unread bytes in the socket would reset the connection and could destroy the answer on its way, so what
  // still comes is read and thrown away for a while.
  void Linger() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(house_.stopping ? std::chrono::milliseconds(100) : std::chrono::milliseconds(1000));
    Drain();
  }

  void Drain() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kReadAtOnce), [self = shared_from_this()](error_code error, size_t) {
      if (error) return self->Leave();
      self->Drain();
    });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
  beast::http::response<beast::http::string_body> answer_;
  bool head_only_ = false;
  bool idle_ = true;
  House& house_;
};

class BeastServer : public Server {
 public:
  BeastServer(Options options, Routes routes)
      : house_{.options = std::move(options), .routes = std::move(routes)},
        acceptor_(context_),
        again_(context_),
        grace_(context_) {
    // The grace timer alone would keep the context running after the last session has gone.
    house_.emptied = [this] {
      if (house_.stopping) grace_.cancel();
    };
  }
  ~BeastServer() override { Stop(); }

  Result<void> Listen() {
    error_code error;
    auto address = asio::ip::make_address(house_.options.address, error);
    if (error) return Error{.code = Code::kInvalid, .message = "\"" + house_.options.address + "\" is no address"};
    tcp::endpoint endpoint(address, house_.options.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return Error{.code = Code::kUnavailable,
                   .message = "can't listen on " + house_.options.address + " port " +
                              std::to_string(house_.options.port) + ": " + error.message()};
    }
    port_ = acceptor_.local_endpoint().port();
    Accept();
    thread_ = std::thread([this] { context_.run(); });
    return {};
  }

  uint16_t port() const override { return port_; }

  void Stop() override {
    if (!thread_.joinable()) return;
    asio::post(context_, [this] { BeginStop(); });
    thread_.join();
  }

 private:
  void Accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (house_.stopping) return;
      if (error) return AcceptLater();
      if (house_.sessions.size() < house_.options.max_connections) {
        auto session = std::make_shared<Session>(std::move(socket), house_);
        house_.sessions.insert(session);
        session->Start();
      } else {
        TurnAway(socket);
      }
      Accept();
    });
  }

  // Out of file descriptors, most likely: trying at once would only spin.
  void AcceptLater() {
    again_.expires_after(kAcceptAgain);
    again_.async_wait([this](error_code error) {
      if (!error && !house_.stopping) Accept();
    });
  }

  static void TurnAway(tcp::socket& socket) {
    // The send buffer of a new connection is empty, so this never waits.
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(std::string_view("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n"
                                                    "Connection: close\r\n\r\n")),
                      ignored);
  }

  void BeginStop() {
    house_.stopping = true;
    error_code ignored;
    acceptor_.close(ignored);
    again_.cancel();
    for (const auto& session : house_.sessions) {
      if (session->idle()) session->Close();
    }
    grace_.expires_after(house_.options.stop_grace);
    grace_.async_wait([this](error_code error) {
      if (error) return;
      for (const auto& session : house_.sessions) session->Close();
    });
    if (house_.sessions.empty()) grace_.cancel();
  }

  House house_;
  asio::io_context context_{1};
  tcp::acceptor acceptor_;
  asio::steady_timer again_;
  asio::steady_timer grace_;
  uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(Options options, Routes routes) {
  auto server = std::make_unique<BeastServer>(std::move(options), std::move(routes));
  TRY_VOID(server->Listen());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace coreflow::http
