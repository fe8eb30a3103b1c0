#include "pkg/kube/client.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "pkg/kube/request_queue.h"
#include "pkg/kube/retry.h"
#include "pkg/kube/stream_guard.h"

namespace coreflow::kube {
namespace {

constexpr Duration kLongestDeadline = std::chrono::hours(24);

RequestQueue::End EndOf(const Answer& answer) {
  if (answer.ok()) return RequestQueue::End::kGood;
  Code code = answer.error->error.code;
  // These say something of the object, not of what its namespace allows.
  bool neither = code == Code::kAlreadyExists || code == Code::kConflict || code == Code::kCancelled;
  return neither ? RequestQueue::End::kNeither : RequestQueue::End::kDenied;
}

Answer Failed(Code code, std::string message) {
  return Answer{.error = ErrorWithoutAnswer({.code = code, .message = std::move(message)})};
}

}  // namespace

// Everything runs on the loop's thread but the functions handed to the transport, which touch only the loop and what
// they own.
class Client::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(Loop& loop, http::Transport& transport, ClientOptions options)
      : loop_(loop), transport_(transport), options_(std::move(options)), queue_(options_.max_in_flight) {}

  Ticket Send(Request request, Done done, SendOptions options);
  Ticket Stream(Request request, Duration idle, std::shared_ptr<http::Sink> sink, StreamDone done);
  void Cancel(Ticket ticket);
  void CancelAll();

  const RequestQueue& queue() const { return queue_; }

 private:
  struct Pending {
    Request request;
    Done done;
    SendOptions options;
    Duration expires{};
    Tries tries = {};
    bool on_wire = false;
    int sent = 0;                             // how often; names the try that an answer belongs to
    bool may_have_taken_effect = false;       // one of the tries may
    std::optional<ApiError> last_error = {};  // that a retry waits for
    std::shared_ptr<http::Cancel> cancel = {};
  };
  struct Open {
    Request request;
    Duration idle{};
    std::shared_ptr<http::Sink> sink;
    StreamDone done;
    Tries tries = {};
    std::shared_ptr<http::Cancel> cancel = {};
  };

  // Runs `call(impl)` on the loop unless the client is gone by then. Thread-safe.
  template <typename Call>
  std::function<void()> IfAlive(Call call) {
    return [weak = weak_from_this(), call = std::move(call)]() mutable {
      if (auto self = weak.lock()) call(*self);
    };
  }

  void Pump();
  void Dispatch(Ticket ticket);
  void OnAnswer(Ticket ticket, int sent, int status, Answer answer);
  void OnExpired(Ticket ticket);
  void Finish(Ticket ticket, Answer answer);
  void Count(const Request& request, int status) const;

  void OpenStream(Ticket ticket);
  void OnStreamEnd(Ticket ticket, std::optional<ApiError> error);

  Loop& loop_;
  http::Transport& transport_;
  const ClientOptions options_;
  RequestQueue queue_;
  Ticket last_ticket_ = 0;
  std::unordered_map<Ticket, Pending> pending_;
  std::unordered_map<Ticket, Open> streams_;
};

Client::Ticket Client::Impl::Send(Request request, Done done, SendOptions options) {
  Ticket ticket = ++last_ticket_;
  Duration deadline = std::min(options.deadline, kLongestDeadline);
  queue_.Push(ticket, LaneOf(request), SlowNamespaceOf(request));
  pending_.emplace(ticket, Pending{.request = std::move(request),
                                   .done = std::move(done),
                                   .options = std::move(options),
                                   .expires = loop_.Monotonic() + deadline});
  loop_.After(deadline, IfAlive([ticket](Impl& self) { self.OnExpired(ticket); }));
  Pump();
  return ticket;
}

void Client::Impl::Pump() {
  while (auto ticket = queue_.Pop()) Dispatch(*ticket);
}

void Client::Impl::Dispatch(Ticket ticket) {
  auto found = pending_.find(ticket);
  if (found == pending_.end()) return;  // ended while it waited to be sent again
  Pending& pending = found->second;
  Duration left = pending.expires - loop_.Monotonic();
  if (left <= Duration(0)) return;  // OnExpired is due
  pending.on_wire = true;
  pending.last_error.reset();
  int sent = ++pending.sent;
  // What ReadAnswer looks at; the body is not copied once more.
  Request about{.verb = pending.request.verb, .dry_run = pending.request.dry_run};
  auto take = [&loop = loop_, weak = weak_from_this(), ticket, sent, about = std::move(about),
               shape = pending.options.shape, decode = pending.options.decode](const Result<http::Response>& response) {
    int status = response ? response->status : 0;
    auto answer = std::make_shared<Answer>(ReadAnswer(about, response, shape, decode));
    loop.Post([weak, ticket, sent, status, answer] {
      if (auto self = weak.lock()) self->OnAnswer(ticket, sent, status, std::move(*answer));
    });
  };
  pending.cancel = transport_.Send(pending.request.http, left, std::move(take));
}

void Client::Impl::OnAnswer(Ticket ticket, int sent, int status, Answer answer) {
  auto found = pending_.find(ticket);
  if (found == pending_.end() || found->second.sent != sent) return;
  Pending& pending = found->second;
  pending.on_wire = false;
  pending.cancel.reset();
  Count(pending.request, status);
  if (answer.error) {
    ApiError& error = *answer.error;
    pending.may_have_taken_effect = pending.may_have_taken_effect || error.may_have_taken_effect;
    auto wait = NextTry(pending.request.verb, error, pending.options.max_retries, pending.tries);
    if (wait && loop_.Monotonic() + *wait < pending.expires) {
      pending.last_error = std::move(answer.error);
      loop_.After(*wait, IfAlive([ticket](Impl& self) { self.Dispatch(ticket); }));
      return;
    }
    error.may_have_taken_effect = pending.may_have_taken_effect;
  }
  Finish(ticket, std::move(answer));
}

void Client::Impl::OnExpired(Ticket ticket) {
  auto found = pending_.find(ticket);
  if (found == pending_.end()) return;
  Pending& pending = found->second;
  Answer answer;
  if (pending.last_error) {
    answer.error = pending.last_error;
  } else if (pending.on_wire) {
    answer = Failed(Code::kUnavailable, "no answer within the deadline");
    answer.error->may_have_taken_effect = MayHaveTakenEffect(pending.request, *answer.error);
    Count(pending.request, 0);
  } else {
    answer = Failed(Code::kUnavailable, "not sent within the deadline, too many requests wait");
  }
  ApiError& error = *answer.error;
  error.may_have_taken_effect = error.may_have_taken_effect || pending.may_have_taken_effect;
  if (pending.cancel) pending.cancel->Now();
  Finish(ticket, std::move(answer));
}

void Client::Impl::Finish(Ticket ticket, Answer answer) {
  auto ended = pending_.extract(ticket);
  queue_.Finish(ticket, EndOf(answer));
  Pump();
  ended.mapped().done(std::move(answer));  // last: it may destroy the client
}

void Client::Impl::Count(const Request& request, int status) const {
  if (options_.on_request) options_.on_request(request.verb, request.resource, status);
}

void Client::Impl::Cancel(Ticket ticket) {
  Answer answer = Failed(Code::kCancelled, "cancelled");
  if (auto pending = pending_.extract(ticket)) {
    Pending& ended = pending.mapped();
    bool on_wire = ended.on_wire && MayHaveTakenEffect(ended.request, *answer.error);
    answer.error->may_have_taken_effect = ended.may_have_taken_effect || on_wire;
    if (ended.cancel) ended.cancel->Now();
    loop_.Post(IfAlive([done = std::move(ended.done), answer](Impl&) { done(answer); }));
    queue_.Finish(ticket, EndOf(answer));
    Pump();
  } else if (auto open = streams_.extract(ticket)) {
    if (open.mapped().cancel) open.mapped().cancel->Now();
    loop_.Post(IfAlive([done = std::move(open.mapped().done), answer](Impl&) { done(answer.error); }));
  }
}

void Client::Impl::CancelAll() {
  for (auto& [ticket, pending] : pending_) {
    if (pending.cancel) pending.cancel->Now();
  }
  for (auto& [ticket, open] : streams_) {
    if (open.cancel) open.cancel->Now();
  }
}

Client::Ticket Client::Impl::Stream(Request request, Duration idle, std::shared_ptr<http::Sink> sink, StreamDone done) {
  Ticket ticket = ++last_ticket_;
  streams_.emplace(ticket,
                   Open{.request = std::move(request), .idle = idle, .sink = std::move(sink), .done = std::move(done)});
  OpenStream(ticket);
  return ticket;
}

void Client::Impl::OpenStream(Ticket ticket) {
  auto found = streams_.find(ticket);
  if (found == streams_.end()) return;
  Open& open = found->second;
  auto count = [&loop = loop_, weak = weak_from_this(), resource = open.request.resource](int status) {
    loop.Post([weak, resource, status] {
      if (auto self = weak.lock()) self->Count(Request{.verb = Verb::kWatch, .resource = resource}, status);
    });
  };
  auto guard = std::make_shared<StreamGuard>(open.sink, count);
  auto ended = [&loop = loop_, weak = weak_from_this(), ticket, guard, count](const Result<void>& end) {
    std::optional<ApiError> error = guard->ErrorAfter(end);
    if (error && error->status == 0) count(0);
    loop.Post([weak, ticket, error] {
      if (auto self = weak.lock()) self->OnStreamEnd(ticket, error);
    });
  };
  open.cancel = transport_.Stream(open.request.http, open.idle, guard, std::move(ended));
}

void Client::Impl::OnStreamEnd(Ticket ticket, std::optional<ApiError> error) {
  auto found = streams_.find(ticket);
  if (found == streams_.end()) return;
  if (error && NextTry(Verb::kWatch, *error, /*max_retries=*/0, found->second.tries)) return OpenStream(ticket);
  auto ended = streams_.extract(found);
  ended.mapped().done(std::move(error));
}

Client::Client(Loop& loop, http::Transport& transport, ClientOptions options)
    : impl_(std::make_shared<Impl>(loop, transport, std::move(options))) {}

Client::~Client() { impl_->CancelAll(); }

Client::Ticket Client::Send(Request request, Done done, SendOptions options) {
  return impl_->Send(std::move(request), std::move(done), std::move(options));
}

Client::Ticket Client::Stream(Request request, Duration idle, std::shared_ptr<http::Sink> sink, StreamDone done) {
  return impl_->Stream(std::move(request), idle, std::move(sink), std::move(done));
}

void Client::Cancel(Ticket ticket) { impl_->Cancel(ticket); }

size_t Client::waiting() const { return impl_->queue().waiting(); }

size_t Client::in_flight() const { return impl_->queue().in_flight(); }

}  // namespace coreflow::kube
