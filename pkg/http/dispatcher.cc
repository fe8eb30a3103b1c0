#include "pkg/http/dispatcher.h"

#include <string>
#include <utility>
#include <vector>

#include "pkg/http/check_request.h"
#include "pkg/http/headers.h"
#include "pkg/http/receivers.h"

namespace coreflow::http {

namespace {

using std::chrono::milliseconds;

class Handle : public Cancel {
 public:
  Handle(std::weak_ptr<Exchange> exchange, std::shared_ptr<Worker> clock)
      : exchange_(std::move(exchange)), clock_(std::move(clock)) {}

  void Now() override {
    // Posted, because the completion must not run inside Now: the caller may hold locks that it takes.
    clock_->Post([weak = exchange_] {
      if (auto exchange = weak.lock()) exchange->Abort({.code = Code::kCancelled, .message = "cancelled"});
    });
  }

 private:
  const std::weak_ptr<Exchange> exchange_;
  const std::shared_ptr<Worker> clock_;
};

std::string Describe(const Request& request) {
  return request.method + " " + request.target.substr(0, request.target.find('?'));
}

}  // namespace

Dispatcher::Dispatcher(const Options& options, std::unique_ptr<Wire> wire)
    : options_(options),
      wire_(std::move(wire)),
      clock_(std::make_shared<Worker>()),
      starter_(std::make_unique<Worker>()) {}

Dispatcher::~Dispatcher() {
  {
    std::unique_lock lock(mu_);
    stopping_ = true;
    for (const auto& [id, open] : open_) Handle(open.exchange, clock_).Now();
    emptied_.wait(lock, [this] { return open_.empty(); });
  }
  starter_->Stop();
  clock_->Stop();
}

std::shared_ptr<Cancel> Dispatcher::Send(Request request, milliseconds deadline, Completion done) {
  auto receiver = Whole(Describe(request), options_.max_body, std::move(done));
  return Submit(std::move(request), Wire::Kind::kWhole, deadline, std::move(receiver));
}

std::shared_ptr<Cancel> Dispatcher::Stream(Request request, milliseconds idle, std::shared_ptr<Sink> sink,
                                           StreamEnd end) {
  auto receiver = Pieces(Describe(request), std::move(sink), std::move(end));
  return Submit(std::move(request), Wire::Kind::kStream, idle, std::move(receiver));
}

std::shared_ptr<Cancel> Dispatcher::Submit(Request request, Wire::Kind kind, milliseconds limit,
                                           std::unique_ptr<Receiver> receiver) {
  uint64_t id = 0;
  bool stopping = false;
  std::shared_ptr<Exchange> exchange;
  {
    std::lock_guard lock(mu_);
    id = ++last_id_;
    stopping = stopping_;
    exchange = std::make_shared<Exchange>(std::move(receiver), [this, id] { Closed(id); });
    open_[id].exchange = exchange;
  }
  auto handle = std::make_shared<Handle>(exchange, clock_);
  if (stopping) {
    handle->Now();
  } else if (auto checked = CheckRequest(request); !checked) {
    clock_->Post([exchange, error = checked.error()] { exchange->Abort(error); });
  } else {
    Arm(id, exchange, kind, limit);
    starter_->Post(
        [this, order = Order{id, std::move(request), kind, exchange}]() mutable { Begin(std::move(order)); });
  }
  return handle;
}

void Dispatcher::Arm(uint64_t id, const std::shared_ptr<Exchange>& exchange, Wire::Kind kind, milliseconds limit) {
  std::weak_ptr<Exchange> weak = exchange;
  Worker::Instant due = exchange->SilentSince() + limit;
  SetTimer(id, due, [this, id, weak, kind, limit] {
    auto still = weak.lock();
    if (!still || still->ended()) return;
    std::string span = std::to_string(limit.count()) + " ms";
    if (kind == Wire::Kind::kWhole) {
      still->Abort({.code = Code::kUnavailable, .message = "no whole answer within " + span});
    } else if (std::chrono::steady_clock::now() - still->SilentSince() >= limit) {
      still->Abort({.code = Code::kUnavailable, .message = "silent for " + span});
    } else {
      Arm(id, still, kind, limit);
    }
  });
}

void Dispatcher::SetTimer(uint64_t id, Worker::Instant due, Worker::Work work) {
  std::lock_guard lock(mu_);
  if (auto found = open_.find(id); found != open_.end()) found->second.timer = clock_->At(due, std::move(work));
}

void Dispatcher::Closed(uint64_t id) {
  std::lock_guard lock(mu_);
  auto found = open_.find(id);
  if (found->second.timer != 0) clock_->Drop(found->second.timer);
  if (found->second.on_wire) {
    starter_->Post([this] {
      --in_flight_;
      StartWaiting();
    });
  }
  open_.erase(found);
  // Under the lock: the destructor, which waits for this, ends the condition variable's life.
  if (open_.empty()) emptied_.notify_all();
}

void Dispatcher::StartWaiting() {
  while (!waiting_.empty() && in_flight_ < options_.max_in_flight) {
    Order next = std::move(waiting_.front());
    waiting_.pop_front();
    Begin(std::move(next));
  }
}

void Dispatcher::Begin(Order order) {
  if (order.exchange->ended()) return;
  if (order.kind == Wire::Kind::kWhole) {
    if (in_flight_ >= options_.max_in_flight) {
      waiting_.push_back(std::move(order));
      return;
    }
    std::lock_guard lock(mu_);
    auto found = open_.find(order.id);
    if (found == open_.end()) return;
    found->second.on_wire = true;
    ++in_flight_;
  }
  ClientCertificate certificate;
  if (auto added = AddCredentials(order, &certificate); !added) {
    order.exchange->Abort(added.error());
    return;
  }
  wire_->Start(std::move(order.request), order.kind, certificate, order.exchange);
}

Result<void> Dispatcher::AddCredentials(Order& order, ClientCertificate* certificate) {
  if (!HasHeader(order.request, "User-Agent")) order.request.headers.emplace_back("User-Agent", options_.user_agent);
  if (!options_.credentials) return {};
  TRY(Auth auth, options_.credentials->ForRequest());
  *certificate = auth.certificate;
  std::vector<std::pair<std::string, std::string>> added;
  for (const auto& [name, value] : auth.headers) {
    TRY_VOID(CheckHeader(name, value));
    if (!HasHeader(order.request, name)) added.emplace_back(name, value);
  }
  order.request.headers.insert(order.request.headers.end(), added.begin(), added.end());
  order.exchange->OnStatus([credentials = options_.credentials, auth = std::move(auth)](int status) {
    if (status == 401) credentials->Rejected(auth);
  });
  return {};
}

}  // namespace coreflow::http
