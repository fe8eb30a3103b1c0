#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "pkg/http/credentials.h"
#include "pkg/http/transport.h"

namespace coreflow::http {

// For tests: something that happens once. Waits are bounded, so that a failing test ends.
class Signal {
 public:
  void Set();
  // False when it did not happen in time.
  bool Wait(std::chrono::milliseconds limit = std::chrono::seconds(20)) const;
  bool happened() const { return Wait(std::chrono::milliseconds(0)); }

 private:
  mutable std::mutex mu_;
  mutable std::condition_variable changed_;
  bool happened_ = false;  // guarded by mu_
};

// For tests: a server that does to each request what the test says, byte by byte if need be: it is no good server. One
// thread a connection, plain or TLS.
class TestServer {
 public:
  struct Options {
    std::optional<ClientCertificate> identity = {};  // with one: TLS
    std::string client_ca_pem = {};                  // asks clients for a certificate of this authority
  };

  // One request, and the connection to answer it on. Only for the time of the script's call.
  class Conversation {
   public:
    virtual ~Conversation() = default;
    virtual const Request& request() const = 0;  // header names in lower case
    // The common name of the client's certificate, or "".
    virtual std::string client_name() const = 0;

    // Bytes as they are. False when the client has gone.
    virtual bool Write(std::string_view bytes) = 0;
    // The same, but gives up when nothing could be written for so long; the bytes written are counted.
    virtual bool WriteWithin(std::string_view bytes, std::chrono::milliseconds stall) = 0;
    // True once the client has closed the connection, false when it is still open after `limit`.
    virtual bool ClientClosed(std::chrono::milliseconds limit = std::chrono::seconds(20)) = 0;
    // Ends the connection after the script, without more.
    virtual void Hangup() = 0;
    // Copies bytes both ways between the client and a port of this machine until one closes.
    virtual void Splice(uint16_t port) = 0;

    // A whole answer with its length; `headers` of the response as they are.
    void Answer(const Response& response);
    // The head of a chunked answer, one chunk of it, and its end.
    bool StartChunks(int status = 200);
    bool Chunk(std::string_view bytes);
    bool EndChunks();
  };
  using Script = std::function<void(Conversation&)>;

  TestServer(Options options, Script script);
  explicit TestServer(Script script) : TestServer(Options{}, std::move(script)) {}
  // Cuts all connections.
  ~TestServer();

  uint16_t port() const { return port_; }
  // "http://127.0.0.1:1234" or "https://…".
  std::string url() const;
  int connections() const { return connections_; }
  // Cuts the connections that there are.
  void CutAll();

 private:
  void Accept();
  void Serve(int socket);

  const Options options_;
  const Script script_;
  std::shared_ptr<void> tls_;  // an SSL_CTX; null: plain
  int listener_ = -1;
  uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mu_;
  std::set<int> sockets_;           // guarded by mu_
  bool stopping_ = false;           // guarded by mu_
  std::list<std::thread> serving_;  // guarded by mu_
  std::thread accepting_;
};

}  // namespace coreflow::http
