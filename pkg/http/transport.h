#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pkg/base/result.h"

namespace coreflow::http {

// One request to the server that the transport was made for.
struct Request {
  std::string method = "GET";
  std::string target = "/";  // path and query, percent-encoded: "/api/v1/pods?limit=500"
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};

  bool operator==(const Request&) const = default;
};

struct Response {
  int status = 0;
  std::map<std::string, std::string> headers = {};  // names in lower case
  std::string body = {};

  bool operator==(const Response&) const = default;
};

// Ends a request early. Copies name the same request. Thread-safe.
class Cancel {
 public:
  virtual ~Cancel() = default;
  // Idempotent. The completion still runs, once, with kCancelled if nothing else came first.
  virtual void Now() = 0;
};

// Takes the body of a streamed answer, piece by piece, in order, never two at once.
class Sink {
 public:
  virtual ~Sink() = default;
  // Called once before any bytes, with the status and headers of the answer (body empty).
  virtual void OnHeaders(const Response& head) = 0;
  // The next bytes of the body, cut anywhere. Not to block for long: while it runs, nothing more is read from the
  // connection, which is how back-pressure reaches the server.
  virtual void OnBytes(std::string_view bytes) = 0;
};

// Sends HTTP requests to one server. Thread-safe. Completions and sinks run on a thread of the transport, never
// inside Send or Stream; they may call Send and Stream again, but must not block.
//
// Errors: kUnavailable when no whole answer came (refused, cut, timed out; the server may have acted on the
// request), kCancelled after Cancel::Now(). An answer with a status of 400 or more is a Response, not an error.
class Transport {
 public:
  virtual ~Transport() = default;

  using Completion = std::function<void(Result<Response>)>;
  using StreamEnd = std::function<void(Result<void>)>;

  // One request, the whole answer at once. `deadline` bounds the request as a whole; a body over the transport's limit
  // is kInvalid.
  virtual std::shared_ptr<Cancel> Send(Request request, std::chrono::milliseconds deadline, Completion done) = 0;

  // One request whose answer comes in pieces, for as long as it may take. `idle` is the longest silence: no byte for
  // so long ends the stream with kUnavailable. `end` runs after the last call of `sink`: success when the server ended
  // the answer in good order.
  virtual std::shared_ptr<Cancel> Stream(Request request, std::chrono::milliseconds idle, std::shared_ptr<Sink> sink,
                                         StreamEnd end) = 0;
};

}  // namespace coreflow::http
