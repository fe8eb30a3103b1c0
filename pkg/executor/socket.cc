#include "pkg/executor/socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <cerrno>

namespace coreflow::executor {

namespace {

constexpr size_t kLongestLine = 4096;

Error Unavailable(const std::string& what) { return {.code = Code::kUnavailable, .message = what}; }

}  // namespace

Result<Socket> Socket::Connect(const std::string& path, std::chrono::milliseconds silence) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (path.size() >= sizeof address.sun_path) {
    return Error{.code = Code::kInvalid, .message = path + " is too long for a socket"};
  }
  path.copy(address.sun_path, path.size());
  files::Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return Unavailable(files::SystemError(path, errno).message);
  }
  return Socket(std::move(socket), silence);
}

bool Socket::Await(short events, short* ready) const {
  pollfd polled{.fd = socket_.get(), .events = events, .revents = 0};
  int count = 0;
  do {
    count = ::poll(&polled, 1, silence_.count() > 0 ? static_cast<int>(silence_.count()) : -1);
  } while (count < 0 && errno == EINTR);
  *ready = polled.revents;
  return count > 0;
}

bool Socket::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    short ready = 0;
    if (!Await(POLLIN | POLLOUT, &ready) || (ready & POLLIN) != 0) return false;
    const ssize_t sent = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (sent > 0) bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

Result<std::string> Socket::ReadLine() {
  std::string line;
  std::array<char, 512> buffer;
  while (line.size() <= kLongestLine) {
    short ready = 0;
    // Who stands still now would do so again.
    if (!Await(POLLIN, &ready)) return Error{.code = Code::kInvalid, .message = "the courier does not answer"};
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return Unavailable("the courier closed the connection");
    line.append(buffer.data(), static_cast<size_t>(count));
    const size_t end = line.find('\n');
    if (end != std::string::npos) return line.substr(0, end);
  }
  return Unavailable("the courier's answer has no end");
}

}  // namespace coreflow::executor
