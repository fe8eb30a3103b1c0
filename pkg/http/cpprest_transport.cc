// The only file that knows cpprestsdk, besides cpprest_pool. What it does in odd ways it does because of the library,
// as measured: default pool of 40 threads, unbounded response buffers, redirects that carry credentials, inactivity
// timers that are no deadlines.
#include "pkg/http/cpprest_transport.h"

#include <cpprest/http_client.h>
#include <openssl/err.h>

#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

#include "pkg/http/base_url.h"
#include "pkg/http/cpprest_pool.h"
#include "pkg/http/default_trust.h"
#include "pkg/http/dispatcher.h"
#include "pkg/http/tls_client.h"
#include "pkg/http/worker.h"

namespace coreflow::http {

namespace {

namespace streams = concurrency::streams;
using web::http::client::http_client;
using web::http::client::http_client_config;

// The library's own timers count silence. They only catch what cancelling can't reach, such as a proxy that never
// answers CONNECT; deadlines and idle limits are the dispatcher's.
constexpr std::chrono::seconds kWholeSilence{300};
constexpr std::chrono::seconds kStreamSilence{24 * 3600};

// Hands what the library read to the exchange, in place. The library reads on only when the task of _putn is done,
// which is how a slow sink slows the server down. Everything but _putn is what a write-only buffer must answer.
class PushBuffer : public streams::details::streambuf_state_manager<uint8_t> {
 public:
  // Bytes are held until `head_is_in`. `stop` ends the request.
  PushBuffer(std::shared_ptr<Exchange> exchange, pplx::task<void> head_is_in, pplx::cancellation_token_source stop)
      : streambuf_state_manager(std::ios_base::out),
        exchange_(std::move(exchange)),
        head_is_in_(std::move(head_is_in)),
        stop_(std::move(stop)) {}

 protected:
  pplx::task<size_t> _putn(const uint8_t* data, size_t count) override {
    if (head_is_in_.is_done()) return pplx::task_from_result(Give(data, count));
    return head_is_in_.then([self = shared_from_this(), this, data, count] { return Give(data, count); });
  }
  pplx::task<int_type> _putc(uint8_t byte) override {
    return _putn(&byte, 1).then([byte](size_t) { return static_cast<int_type>(byte); });
  }
  pplx::task<bool> _sync() override { return pplx::task_from_result(true); }

  bool can_seek() const override { return false; }
  bool has_size() const override { return false; }
  utility::size64_t size() const override { return 0; }
  size_t buffer_size(std::ios_base::openmode) const override { return 0; }
  void set_buffer_size(size_t, std::ios_base::openmode) override {}
  size_t in_avail() const override { return 0; }
  pos_type getpos(std::ios_base::openmode) const override { return traits::eof(); }
  pos_type seekpos(pos_type, std::ios_base::openmode) override { return traits::eof(); }
  pos_type seekoff(off_type, std::ios_base::seekdir, std::ios_base::openmode) override { return traits::eof(); }
  uint8_t* _alloc(size_t) override { return nullptr; }
  void _commit(size_t) override {}
  bool acquire(uint8_t*&, size_t&) override { return false; }
  void release(uint8_t*, size_t) override {}
  pplx::task<size_t> _getn(uint8_t*, size_t) override { return pplx::task_from_result<size_t>(0); }
  size_t _scopy(uint8_t*, size_t) override { return 0; }
  pplx::task<int_type> _bumpc() override { return pplx::task_from_result<int_type>(traits::eof()); }
  int_type _sbumpc() override { return traits::eof(); }
  pplx::task<int_type> _getc() override { return pplx::task_from_result<int_type>(traits::eof()); }
  int_type _sgetc() override { return traits::eof(); }
  pplx::task<int_type> _nextc() override { return pplx::task_from_result<int_type>(traits::eof()); }
  pplx::task<int_type> _ungetc() override { return pplx::task_from_result<int_type>(traits::eof()); }

 private:
  size_t Give(const uint8_t* data, size_t count) {
    // A stream that fails makes the library wait, on a pool thread, for something that needs a pool thread. So what
    // nobody wants is swallowed, while cancelling closes the connection.
    if (!exchange_->Bytes({reinterpret_cast<const char*>(data), count})) stop_.cancel();
    return count;
  }

  const std::shared_ptr<Exchange> exchange_;
  const pplx::task<void> head_is_in_;
  const pplx::cancellation_token_source stop_;
};

// Connections that show one certificate. Requests under way keep it alive.
struct Clients {
  Clients(const std::string& url, const http_client_config& base)
      : whole(url, With(base, kWholeSilence)), stream(url, With(base, kStreamSilence)) {}

  static http_client_config With(http_client_config config, std::chrono::seconds silence) {
    config.set_timeout(silence);
    return config;
  }

  http_client whole;
  http_client stream;
};

http_client_config MakeConfig(const Options& options, const std::shared_ptr<const TlsClient>& tls) {
  http_client_config config;
  config.set_max_redirects(0);  // a redirect would be followed with the credentials in its pocket
  config.set_validate_certificates(!options.insecure_skip_tls_verify);
  if (!options.proxy_url.empty()) config.set_proxy(web::web_proxy(web::uri(options.proxy_url)));
  config.set_ssl_context_callback([tls](boost::asio::ssl::context& context) {
    if (auto applied = tls->Apply(context.native_handle()); !applied) throw std::runtime_error(applied.error().message);
  });
  return config;
}

Result<std::shared_ptr<Clients>> MakeClients(const Options& options, const ClientCertificate& certificate) {
  TRY(auto tls, TlsClient::Make(options, certificate));
  try {
    return std::make_shared<Clients>(options.url, MakeConfig(options, tls));
  } catch (const std::exception& error) {
    return Error{.code = Code::kInvalid, .message = "can't use " + options.url + ": " + error.what()};
  }
}

// The library's error codes are made up (a refused connection is "no route to host"), and those of TLS have lost their
// category; its text says what it was doing.
Error Unavailable(const web::http::http_exception& error) {
  std::string message = error.what();
  auto code = static_cast<unsigned long>(error.error_code().value());
  if (const char* reason = code > 0xffff ? ERR_reason_error_string(code) : nullptr) {
    message += std::string(": ") + reason;
  }
  return {.code = Code::kUnavailable, .message = message};
}

Error Unavailable(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const web::http::http_exception& error) {
    return Unavailable(error);
  } catch (const std::exception& error) {
    return {.code = Code::kUnavailable, .message = error.what()};
  } catch (...) {
    return {.code = Code::kUnavailable, .message = "unknown failure"};
  }
}

Response HeadOf(const web::http::http_response& answer) {
  Response head{.status = answer.status_code()};
  for (const auto& [name, value] : answer.headers()) {
    std::string lower = name;
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    head.headers[lower] = value;
  }
  return head;
}

// The library keeps one value a name and would join several with commas, which changes what Impersonate-Group means. It
// writes values as they are, and CheckRequest has refused line ends in ours, so these are the only ones.
void AddHeader(web::http::http_headers& headers, const std::string& name, const std::string& value) {
  auto found = headers.find(name);
  if (found == headers.end()) {
    headers.add(name, value);
  } else {
    found->second += "\r\n" + name + ": " + value;
  }
}

web::http::http_request Convert(const Request& request, const Options& options) {
  web::http::http_request result(request.method);
  result.set_request_uri(web::uri(request.target));
  if (!request.body.empty()) result.set_body(request.body, "application/json");
  if (!request.body.empty()) result.headers().remove("Content-Type");
  for (const auto& [name, value] : request.headers) AddHeader(result.headers(), name, value);
  if (!request.body.empty() && !result.headers().has("Content-Type")) {
    result.headers().add("Content-Type", "application/json");
  }
  // The library takes the name that it sends as SNI and that the certificate must have from here.
  if (!options.tls_server_name.empty()) AddHeader(result.headers(), "Host", options.tls_server_name);
  return result;
}

class CpprestWire : public Wire {
 public:
  CpprestWire(Options options, std::shared_ptr<Clients> clients)
      : options_(std::move(options)), clients_(std::move(clients)) {}

  // The library sets a new connection up on the thread that asks for it, files and all.
  void Start(Request request, Kind kind, ClientCertificate certificate, std::shared_ptr<Exchange> exchange) override {
    starter_.Post([this, request = std::move(request), kind, certificate = std::move(certificate),
                   exchange = std::move(exchange)] { Begin(request, kind, certificate, exchange); });
  }

 private:
  void Begin(const Request& request, Kind kind, const ClientCertificate& certificate,
             const std::shared_ptr<Exchange>& exchange) {
    if (exchange->ended()) return;
    if (certificate != shown_) {
      auto clients = MakeClients(options_, certificate);
      if (!clients) return exchange->Abort(clients.error());
      clients_ = *clients;
      shown_ = certificate;
    }
    try {
      Run(Convert(request, options_), kind, exchange);
    } catch (const web::uri_exception& error) {
      exchange->Abort({.code = Code::kInvalid, .message = error.what()});
    } catch (...) {
      exchange->Abort(Unavailable(std::current_exception()));
    }
  }

  void Run(web::http::http_request request, Kind kind, const std::shared_ptr<Exchange>& exchange) {
    pplx::task_completion_event<void> head_is_in;
    pplx::cancellation_token_source stop;
    auto buffer = std::make_shared<PushBuffer>(exchange, pplx::create_task(head_is_in), stop);
    request.set_response_stream(streams::streambuf<uint8_t>(buffer).create_ostream());
    exchange->OnAbort([stop] { RunAloneInCpprestPool([stop] { stop.cancel(); }); });

    http_client& client = kind == Kind::kWhole ? clients_->whole : clients_->stream;
    client.request(request, stop.get_token())
        .then([exchange, head_is_in](web::http::http_response answer) {
          exchange->Head(HeadOf(answer));
          head_is_in.set();
          return answer.content_ready();
        })
        .then([exchange, clients = clients_](pplx::task<web::http::http_response> ended) {
          try {
            ended.get();
            exchange->Close({});
          } catch (...) {
            exchange->Close(Unavailable(std::current_exception()));
          }
        });
  }

  const Options options_;
  ClientCertificate shown_;  // only on starter_'s thread, as clients_
  std::shared_ptr<Clients> clients_;
  Worker starter_;
};

}  // namespace

Result<std::unique_ptr<Transport>> NewCpprestTransport(Options options) {
  TRY(BaseUrl base, ParseBaseUrl(options.url));
  if (base.ipv6_literal) {
    return Error{.code = Code::kInvalid,
                 .message = options.url + ": this client can't connect to an IPv6 literal: give the server's name"};
  }
  SwitchOffDefaultTrust();
  FixCpprestPool();
  TRY(auto clients, MakeClients(options, {}));
  auto wire = std::make_unique<CpprestWire>(options, std::move(clients));
  return std::unique_ptr<Transport>(std::make_unique<Dispatcher>(options, std::move(wire)));
}

}  // namespace coreflow::http
