#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "pkg/base/loop.h"
#include "pkg/http/transport.h"
#include "pkg/json/value.h"
#include "pkg/kube/api_error.h"
#include "pkg/kube/request.h"

namespace coreflow::kube {

// The end of a request: an object, list or Status, or the error in its place.
struct Answer {
  json::Value body = {};  // null with an error, or when SendOptions.decode took it
  std::shared_ptr<const void> decoded = {};
  std::optional<ApiError> error = {};

  bool ok() const { return !error.has_value(); }
};

struct SendOptions {
  // For everything: waiting for a place, retries, the answer.
  Duration deadline = std::chrono::seconds(30);
  // How often the client may send again by itself (see Client).
  int max_retries = 10;
  // Runs on the transport's thread with the text of a good answer, instead of parsing it into `body`. What it gives
  // is Answer.decoded; an error becomes the answer's error.
  std::function<Result<std::shared_ptr<const void>>(std::string_view text)> decode = {};
};

struct ClientOptions {
  // Requests on the wire at once, watches not counted.
  int max_in_flight = 64;
  // Called for every answer or failure, each retry included; `status` 0: no answer. For metrics.
  std::function<void(Verb verb, const Resource& resource, int status)> on_request = {};
};

// Sends requests to one API server over a transport. Everything but Transport's own work happens on the loop's thread:
// call it there, completions run there, never inside Send. Answers are parsed on the transport's thread.
//
// What is sent again, up to `max_retries` times and inside the deadline: 429 and 5xx that name a Retry-After, after
// that time; reads that got no answer, after a second; a 401, once, at once (the transport has dropped its
// credentials by then). A write without an answer is never repeated: its error says may_have_taken_effect, and the
// caller looks. A retried create that finds its own first try ends as kAlreadyExists.
//
// Requests wait their turn in the order they came; leases, and deletes after them, overtake the others. After a denied
// create of a pod (403, 429, or a failing webhook's 5xx), creates of pods in that namespace go one at a time, then 2,
// 4, 8… as they succeed.
//
// The transport and the loop outlive the client; the loop outlives the transport.
class Client {
 public:
  using Done = std::function<void(Answer)>;
  using Ticket = uint64_t;

  Client(Loop& loop, http::Transport& transport, ClientOptions options = {});
  // Cancels what is under way; completions that have not run are dropped.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // `done` runs exactly once unless the client is destroyed first. The ticket is never 0.
  Ticket Send(Request request, Done done, SendOptions options = {});

  // Ends a request early: `done` runs with kCancelled unless it has run. A write that was on the wire says
  // may_have_taken_effect. Does nothing for a ticket whose request has ended.
  void Cancel(Ticket ticket);

  // Ends a stream. Copies name the same stream.
  using StreamHandle = std::shared_ptr<http::Cancel>;
  // nullopt: the server ended the stream in good order.
  using StreamDone = std::function<void(std::optional<ApiError> error)>;

  // Opens a watch, at once. `sink` gets the bytes of a 2xx answer on the transport's thread, cut anywhere; any other
  // answer is the error of `done`, which runs on the loop after the last byte. No byte for `idle` ends the stream.
  StreamHandle Stream(Request request, Duration idle, std::shared_ptr<http::Sink> sink, StreamDone done);

  // Requests that wait for a place, and those on the wire.
  size_t waiting() const;
  size_t in_flight() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace coreflow::kube
