#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "pkg/base/loop.h"
#include "pkg/http/transport.h"
#include "pkg/kube/answer.h"
#include "pkg/kube/api_error.h"
#include "pkg/kube/request.h"
#include "pkg/kube/seen_object.h"

namespace coreflow::kube {

struct SendOptions {
  // For everything: waiting for a place, retries, the answer.
  Duration deadline = std::chrono::seconds(30);
  // How often the client may send again by itself (see Client).
  int max_retries = 10;
  // What of a good answer is wanted in `body`.
  json::Shape shape = kObjectShape;
  // Runs on the transport's thread with the text of a good answer, instead of parsing it into `body`. What it gives
  // is Answer.decoded; an error becomes the answer's error. Must be a pure function.
  DecodeText decode = {};
};

struct ClientOptions {
  // Places for requests, watches not counted; an eighth of them is kept for leases.
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
// Requests wait their turn as RequestQueue says: leases first, then deletes, then the others in the order they came,
// creates of pods slowly after a denial. One that waits to be sent again keeps its place, so that a server which asks
// to slow down is heard by all.
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

  // nullopt: the server ended the stream in good order.
  using StreamDone = std::function<void(std::optional<ApiError> error)>;

  // Opens a watch, at once. `sink` gets the head and the bytes of a 2xx answer on the transport's thread, cut
  // anywhere; any other answer is the error of `done`, which runs on the loop's thread after the last byte. No byte
  // for `idle` ends the stream. Opened again by itself only after a 401, once.
  Ticket Stream(Request request, Duration idle, std::shared_ptr<http::Sink> sink, StreamDone done);

  // Ends a request or a stream early: its `done` runs soon, with kCancelled. A write that was on the wire says
  // may_have_taken_effect. A sink may get bytes for a moment longer. Does nothing for a ticket that has ended.
  void Cancel(Ticket ticket);

  // Requests that wait for a place, and those that hold one.
  size_t waiting() const;
  size_t in_flight() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace coreflow::kube
