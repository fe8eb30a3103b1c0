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
    Refuse(exchange, checked.error());
  } else {
    Arm(id, exchange, kind, limit);
    Begin({id, std::move(request), kind, exchange});
  }
  return handle;
}

// Posted, because no completion may run inside Send.
void Dispatcher::Refuse(const std::shared_ptr<Exchange>& exchange, Error error) {
  clock_->Post([exchange, error = std::move(error)] { exchange->Abort(error); });
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
  {
    std::lock_guard lock(mu_);
    if (open_.at(id).on_wire) --in_flight_;
  }
  // While this exchange is still among the open ones, for the destructor waits until there is none.
  while (auto next = NextWaiting()) Equip(*std::move(next));
  std::lock_guard lock(mu_);
  auto found = open_.find(id);
  if (found->second.timer != 0) clock_->Drop(found->second.timer);
  open_.erase(found);
  // Under the lock: the destructor, which waits for this, ends the condition variable's life.
  if (open_.empty()) emptied_.notify_all();
}

void Dispatcher::Begin(Order order) {
  if (order.kind == Wire::Kind::kStream || Admit(order)) Equip(std::move(order));
}

bool Dispatcher::Admit(Order& order) {
  std::lock_guard lock(mu_);
  if (in_flight_ >= options_.max_in_flight || !waiting_.empty()) {
    waiting_.push_back(std::move(order));
    return false;
  }
  return Occupy(order);
}

std::optional<Dispatcher::Order> Dispatcher::NextWaiting() {
  std::lock_guard lock(mu_);
  while (!waiting_.empty() && in_flight_ < options_.max_in_flight) {
    Order next = std::move(waiting_.front());
    waiting_.pop_front();
    if (Occupy(next)) return next;
  }
  return std::nullopt;
}

bool Dispatcher::Occupy(const Order& order) {
  // What has not ended by now will find its place in Closed(), which gives it back.
  if (order.exchange->ended()) return false;
  open_.at(order.id).on_wire = true;
  ++in_flight_;
  return true;
}

void Dispatcher::Equip(Order order) {
  if (!options_.credentials) return Start(std::move(order), {});
  if (auto auth = options_.credentials->AtHand()) return Start(std::move(order), *std::move(auth));
  starter_->Post([this, order = std::move(order)]() mutable {
    if (order.exchange->ended()) return;
    auto auth = options_.credentials->ForRequest();
    if (!auth) return Refuse(order.exchange, auth.error());
    Start(std::move(order), *std::move(auth));
  });
}

void Dispatcher::Start(Order order, Auth auth) {
  if (auto added = AddCredentials(order, auth); !added) return Refuse(order.exchange, added.error());
  wire_->Start(std::move(order.request), order.kind, std::move(auth.certificate), std::move(order.exchange));
}

Result<void> Dispatcher::AddCredentials(Order& order, const Auth& auth) {
  if (!HasHeader(order.request, "User-Agent")) order.request.headers.emplace_back("User-Agent", options_.user_agent);
  std::vector<std::pair<std::string, std::string>> added;
  for (const auto& [name, value] : auth.headers) {
    TRY_VOID(CheckHeader(name, value));
    if (!HasHeader(order.request, name)) added.emplace_back(name, value);
  }
  order.request.headers.insert(order.request.headers.end(), added.begin(), added.end());
  if (options_.credentials) {
    order.exchange->OnStatus([credentials = options_.credentials, auth](int status) {
      if (status == 401) credentials->Rejected(auth);
    });
  }
  return {};
}

}  // namespace coreflow::http
