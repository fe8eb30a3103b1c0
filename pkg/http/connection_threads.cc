#include "pkg/http/connection_threads.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "pkg/base/check.h"

namespace coreflow::http {

namespace {

// When the process has no more descriptors, until another connection may have ended.
constexpr Duration kAcceptAgain{100};

}  // namespace

ConnectionThreads::ConnectionThreads(files::Descriptor listener, const Options& options, Serve serve)
    : listener_(std::move(listener)),
      wake_(::eventfd(0, EFD_CLOEXEC)),
      options_(options),
      serve_(std::move(serve)),
      acceptor_([this] { Accept(); }) {
  CHECK(static_cast<bool>(wake_), "a server that starts can have one more descriptor");
}

ConnectionThreads::~ConnectionThreads() { Stop(Duration(0)); }

void ConnectionThreads::Stop(Duration grace) {
  {
    const std::lock_guard lock(mu_);
    if (std::exchange(stopping_, true)) return;
  }
  CHECK(::eventfd_write(wake_.get(), 1) == 0, "it counts far");
  changed_.notify_all();
  acceptor_.join();
  listener_.Close();
  std::list<Session> sessions;
  {
    std::unique_lock lock(mu_);
    changed_.wait_for(lock, grace, [this] { return live_ == 0; });
    for (const Session& session : sessions_) {
      if (session.connection) session.connection->Cut();
    }
    changed_.wait(lock, [this] { return live_ == 0; });
    sessions.swap(sessions_);
  }
  for (Session& session : sessions) session.thread.join();
}

bool ConnectionThreads::AwaitRoom() {
  std::list<Session> ended;
  bool go_on = false;
  {
    std::unique_lock lock(mu_);
    changed_.wait(lock, [this] { return stopping_ || live_ < options_.most; });
    for (auto session = sessions_.begin(); session != sessions_.end();) {
      const auto next = std::next(session);
      if (!session->connection) ended.splice(ended.end(), sessions_, session);
      session = next;
    }
    go_on = !stopping_;
  }
  for (Session& session : ended) session.thread.join();
  return go_on;
}

void ConnectionThreads::Accept() {
  while (AwaitRoom()) {
    std::array<pollfd, 2> both = {pollfd{.fd = listener_.get(), .events = POLLIN, .revents = 0},
                                  pollfd{.fd = wake_.get(), .events = POLLIN, .revents = 0}};
    ::poll(both.data(), both.size(), -1);
    files::Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket) {
      Begin(std::move(socket));
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS) {
      std::unique_lock lock(mu_);
      changed_.wait_for(lock, kAcceptAgain, [this] { return stopping_; });
    }
  }
}

void ConnectionThreads::Begin(files::Descriptor socket) {
  auto connection = std::make_unique<BlockingConnection>(std::move(socket), options_.limit);
  const std::lock_guard lock(mu_);
  if (stopping_) return;
  Session& session = sessions_.emplace_back(Session{.connection = std::move(connection)});
  try {
    session.thread = std::thread([this, &session] { Run(session); });
    ++live_;
  } catch (const std::system_error&) {  // there can't be more threads: the client may try again
    sessions_.pop_back();
  }
}

void ConnectionThreads::Run(Session& session) {
  {
    // Until Begin() has let go of it.
    const std::lock_guard lock(mu_);
  }
  serve_(*session.connection);
  const std::lock_guard lock(mu_);
  session.connection.reset();
  --live_;
  changed_.notify_all();
}

}  // namespace coreflow::http
