#include "pkg/http/server.h"

// Asio 1.74 uses std::exchange without including it.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <deque>
#include <mutex>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace coreflow::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;
using boost::system::error_code;

constexpr size_t kReadAtOnce = 4096;
constexpr std::chrono::milliseconds kAcceptAgain{100};
constexpr char kLastChunk[] = "0\r\n\r\n";

class Session;

// What the sessions of one server share, and what outlives it while others still hold answers. Only on its thread,
// Post() apart.
struct House {
  asio::io_context context{1};
  Server::Options options;
  Server::AsyncHandler handler;
  std::set<std::shared_ptr<Session>> sessions = {};
  bool stopping = false;
  std::function<void()> emptied = {};  // called when the last session leaves

  House(Server::Options the_options, Server::AsyncHandler the_handler)
      : options(std::move(the_options)), handler(std::move(the_handler)) {}

  // Runs `work` on the server's thread; never, when that has ended. Thread-safe.
  template <typename Work>
  void Post(Work work) {
    const std::lock_guard lock(mu_);
    if (!closed_) asio::post(context, std::move(work));
  }
  void CloseForGood() {
    const std::lock_guard lock(mu_);
    closed_ = true;
  }

 private:
  std::mutex mu_;
  bool closed_ = false;  // guarded by mu_
};

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

std::string Chunk(const std::string& bytes) {
  std::ostringstream size;
  size << std::hex << bytes.size();
  return size.str() + "\r\n" + bytes + "\r\n";
}

// One connection: waits for a request, reads it, waits for its answer and writes that, and waits for the next. On the
// server's thread; answers come from any.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, std::shared_ptr<House> house);

  void Start() { AwaitRequest(house_->options.header_timeout); }
  bool idle() const { return idle_; }
  bool streams() const { return streaming_; }
  void Close() { stream_.close(); }

 private:
  class Answer;  // the Reply of one request

  void Leave();
  void AwaitRequest(std::chrono::milliseconds limit);
  void ReadHeader();
  void ReadBody();
  void Refuse(error_code error);
  void Ask();
  void Write(Response response, bool keep);
  void Linger();
  void Drain();
  void BeginPieces(const Response& head);
  void WatchForEnd();
  void Push(std::string bytes, bool last);
  void Flush();
  void EndPieces();
  void TellTaken(std::function<void()> taken);
  void Part();

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
  beast::http::response<beast::http::string_body> answer_;
  std::weak_ptr<Answer> asked_;  // whose answer is awaited
  bool head_only_ = false;
  bool keep_ = false;  // the connection, after this answer
  bool idle_ = true;
  bool streaming_ = false;
  bool ended_ = false;  // the last piece is in the queue
  bool writing_ = false;
  std::deque<std::string> pieces_;  // not yet written, as they go over the wire
  size_t backlog_ = 0;              // bytes of them
  std::vector<std::function<void()>> on_taken_;
  std::shared_ptr<House> house_;
};

// What is called from other threads goes to the server's, in the order of the calls.
class Session::Answer : public Reply, public std::enable_shared_from_this<Answer> {
 public:
  explicit Answer(std::shared_ptr<Session> session) : house_(session->house_), session_(std::move(session)) {}
  ~Answer() override {
    if (session_) house_->Post([session = std::move(session_)] { session->Leave(); });
  }

  void Send(Response response) override {
    Do([response = std::move(response)](Session& session) mutable {
      if (!session.streaming_) session.Write(std::move(response), session.keep_);
    });
  }
  void Begin(Response head) override {
    Do([head = std::move(head)](Session& session) { session.BeginPieces(head); });
  }
  void Write(std::string bytes) override {
    Do([bytes = std::move(bytes)](Session& session) {
      if (!bytes.empty()) session.Push(Chunk(bytes), false);
    });
  }
  void End() override {
    Do([](Session& session) { session.Push(kLastChunk, true); });
  }
  void OnTaken(std::function<void()> taken) override {
    Do([taken = std::move(taken)](Session& session) mutable { session.TellTaken(std::move(taken)); });
  }
  void OnGone(std::function<void()> gone) override {
    house_->Post([self = shared_from_this(), gone = std::move(gone)]() mutable {
      if (self->gone_) return gone();
      if (self->session_) self->on_gone_ = std::move(gone);
    });
  }

  // The session has no more to do with it.
  void Part(bool gone) {
    session_.reset();
    gone_ = gone;
    if (auto call = std::exchange(on_gone_, {}); gone && call) call();
  }

 private:
  template <typename Work>
  void Do(Work work) {
    house_->Post([self = shared_from_this(), work = std::move(work)]() mutable {
      if (const std::shared_ptr<Session> session = self->session_) work(*session);
    });
  }

  const std::shared_ptr<House> house_;
  // Only on the server's thread:
  std::shared_ptr<Session> session_;
  std::function<void()> on_gone_ = {};
  bool gone_ = false;
};

Session::Session(tcp::socket socket, std::shared_ptr<House> house)
    : stream_(std::move(socket)), buffer_(house->options.max_header + kReadAtOnce), house_(std::move(house)) {}

void Session::Leave() {
  Close();
  streaming_ = false;
  pieces_.clear();
  on_taken_.clear();
  if (auto asked = asked_.lock()) asked->Part(true);
  const auto self = shared_from_this();
  if (house_->sessions.erase(self) > 0 && house_->sessions.empty()) house_->emptied();
}

void Session::AwaitRequest(std::chrono::milliseconds limit) {
  idle_ = true;
  parser_.emplace();
  parser_->header_limit(static_cast<uint32_t>(house_->options.max_header));
  parser_->body_limit(house_->options.max_body);
  if (buffer_.size() > 0) return ReadHeader();
  stream_.expires_after(limit);
  stream_.async_read_some(buffer_.prepare(kReadAtOnce), [self = shared_from_this()](error_code error, size_t count) {
    if (error) return self->Leave();
    self->buffer_.commit(count);
    self->ReadHeader();
  });
}

void Session::ReadHeader() {
  idle_ = false;
  stream_.expires_after(house_->options.header_timeout);
  beast::http::async_read_header(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, size_t) {
    if (error) return self->Refuse(error);
    self->ReadBody();
  });
}

void Session::ReadBody() {
  stream_.expires_after(house_->options.body_timeout);
  beast::http::async_read(stream_, buffer_, *parser_, [self = shared_from_this()](error_code error, size_t) {
    if (error) return self->Refuse(error);
    self->Ask();
  });
}

void Session::Refuse(error_code error) {
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

void Session::Ask() {
  const auto& message = parser_->get();
  keep_ = message.keep_alive();
  head_only_ = message.method() == beast::http::verb::head;
  stream_.expires_never();
  auto answer = std::make_shared<Answer>(shared_from_this());
  asked_ = answer;
  house_->handler(Convert(message), std::move(answer));
}

void Session::Write(Response response, bool keep) {
  Part();
  keep = keep && !house_->stopping;
  answer_ = {};
  answer_.version(11);
  answer_.result(static_cast<unsigned>(response.status));
  for (const auto& [name, value] : response.headers) answer_.set(name, value);
  answer_.keep_alive(keep);
  answer_.content_length(response.body.size());
  if (!head_only_) answer_.body() = std::move(response.body);
  head_only_ = false;
  stream_.expires_after(house_->options.body_timeout);
  beast::http::async_write(stream_, answer_, [self = shared_from_this(), keep](error_code error, size_t) {
    if (error || !keep || self->house_->stopping) return self->Linger();
    self->AwaitRequest(self->house_->options.idle_timeout);
  });
}

// Closing with unread bytes in the socket would reset the connection and could destroy the answer on its way, so what
// still comes is read and thrown away for a while.
void Session::Linger() {
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.expires_after(house_->stopping ? std::chrono::milliseconds(100) : std::chrono::milliseconds(1000));
  Drain();
}

void Session::Drain() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kReadAtOnce), [self = shared_from_this()](error_code error, size_t) {
    if (error) return self->Leave();
    self->Drain();
  });
}

void Session::BeginPieces(const Response& head) {
  if (streaming_) return;
  streaming_ = true;
  ended_ = false;
  beast::http::response<beast::http::empty_body> message;
  message.version(11);
  message.result(static_cast<unsigned>(head.status));
  for (const auto& [name, value] : head.headers) message.set(name, value);
  message.keep_alive(false);
  message.chunked(true);
  std::ostringstream text;
  text << message.base();
  Push(text.str(), false);
  WatchForEnd();
}

// Nothing is to come from the client before the answer is whole: what comes is its end.
void Session::WatchForEnd() {
  if (buffer_.size() > 0) return;  // it has sent its next request already
  stream_.async_read_some(buffer_.prepare(kReadAtOnce), [self = shared_from_this()](error_code error, size_t count) {
    if (error) return self->Leave();
    self->buffer_.commit(count);
  });
}

void Session::Push(std::string bytes, bool last) {
  if (!streaming_ || ended_) return;
  ended_ = last;
  backlog_ += bytes.size();
  if (backlog_ > house_->options.max_backlog) return Leave();
  pieces_.push_back(std::move(bytes));
  if (!writing_) Flush();
}

void Session::Flush() {
  writing_ = true;
  std::vector<asio::const_buffer> all;
  for (const std::string& piece : pieces_) all.push_back(asio::buffer(piece));
  const size_t count = pieces_.size();
  asio::async_write(stream_, all, [self = shared_from_this(), count](error_code error, size_t bytes) {
    self->writing_ = false;
    if (error || !self->streaming_) return self->Leave();
    self->pieces_.erase(self->pieces_.begin(), self->pieces_.begin() + static_cast<std::ptrdiff_t>(count));
    self->backlog_ -= bytes;
    if (!self->pieces_.empty()) return self->Flush();
    for (const auto& taken : std::exchange(self->on_taken_, {})) taken();
    if (self->ended_) self->EndPieces();
  });
}

// The read that watches for the client's end can't be taken back alone, so the connection ends with the answer.
void Session::EndPieces() {
  Part();
  Leave();
}

void Session::TellTaken(std::function<void()> taken) {
  if (!writing_) return taken();
  on_taken_.push_back(std::move(taken));
}

void Session::Part() {
  if (auto asked = asked_.lock()) asked->Part(false);
  asked_.reset();
}

class BeastServer : public Server {
 public:
  BeastServer(Options options, AsyncHandler handler)
      : house_(std::make_shared<House>(std::move(options), std::move(handler))),
        acceptor_(house_->context),
        again_(house_->context),
        grace_(house_->context) {
    // The grace timer alone would keep the context running after the last session has gone.
    house_->emptied = [this] {
      if (house_->stopping) grace_.cancel();
    };
  }
  ~BeastServer() override { Stop(); }

  Result<void> Listen() {
    error_code error;
    auto address = asio::ip::make_address(house_->options.address, error);
    if (error) return Error{.code = Code::kInvalid, .message = "\"" + house_->options.address + "\" is no address"};
    tcp::endpoint endpoint(address, house_->options.port);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) {
      return Error{.code = Code::kUnavailable,
                   .message = "can't listen on " + house_->options.address + " port " +
                              std::to_string(house_->options.port) + ": " + error.message()};
    }
    port_ = acceptor_.local_endpoint().port();
    Accept();
    thread_ = std::thread([this] { house_->context.run(); });
    return {};
  }

  uint16_t port() const override { return port_; }

  void Stop() override {
    if (!thread_.joinable()) return;
    house_->Post([this] { BeginStop(); });
    thread_.join();
    house_->CloseForGood();
  }

 private:
  void Accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (house_->stopping) return;
      if (error) return AcceptLater();
      if (house_->sessions.size() < house_->options.max_connections) {
        auto session = std::make_shared<Session>(std::move(socket), house_);
        house_->sessions.insert(session);
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
      if (!error && !house_->stopping) Accept();
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
    house_->stopping = true;
    error_code ignored;
    acceptor_.close(ignored);
    again_.cancel();
    for (const auto& session : house_->sessions) {
      if (session->idle() || session->streams()) session->Close();
    }
    grace_.expires_after(house_->options.stop_grace);
    grace_.async_wait([this](error_code error) {
      if (error) return;
      for (const auto& session : house_->sessions) session->Close();
    });
    if (house_->sessions.empty()) grace_.cancel();
  }

  const std::shared_ptr<House> house_;
  tcp::acceptor acceptor_;
  asio::steady_timer again_;
  asio::steady_timer grace_;
  uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(Options options, Routes routes) {
  return Start(std::move(options), [routes = std::move(routes)](const Request& request, std::shared_ptr<Reply> reply) {
    auto route = routes.find(request.target.substr(0, request.target.find('?')));
    reply->Send(route == routes.end() ? Response{.status = 404, .body = "not found\n"} : route->second(request));
  });
}

Result<std::unique_ptr<Server>> Server::Start(Options options, AsyncHandler handler) {
  auto server = std::make_unique<BeastServer>(std::move(options), std::move(handler));
  TRY_VOID(server->Listen());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace coreflow::http
