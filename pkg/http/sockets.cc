#include "pkg/http/sockets.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>

namespace coreflow::http {

namespace {

using files::Descriptor;
using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

constexpr int kBacklog = 128;
constexpr int kSilentSeconds = 60;

Error Failed(const std::string& what, int error) {
  return {.code = Code::kUnavailable, .message = what + ": " + std::generic_category().message(error)};
}

Result<Addresses> Find(const std::string& host, uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (failed == 0) return Addresses(found, &freeaddrinfo);
  return Error{.code = (flags & AI_NUMERICHOST) != 0 ? Code::kInvalid : Code::kUnavailable,
               .message = "can't find " + host + ": " + ::gai_strerror(failed)};
}

void Set(const Descriptor& socket, int level, int option, int value) {
  ::setsockopt(socket.get(), level, option, &value, sizeof(value));
}

// 0, or the errno.
int ConnectWithin(const Descriptor& socket, const addrinfo& to, Duration limit) {
  if (::connect(socket.get(), to.ai_addr, to.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd one{.fd = socket.get(), .events = POLLOUT, .revents = 0};
  int ready;
  do {
    ready = ::poll(&one, 1, static_cast<int>(limit.count()));
  } while (ready < 0 && errno == EINTR);
  if (ready == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof(error);
  return ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

}  // namespace

Result<Descriptor> Connect(const std::string& host, uint16_t port, Duration limit) {
  TRY(const Addresses addresses, Find(host, port, 0));
  int error = 0;
  for (const addrinfo* one = addresses.get(); one != nullptr; one = one->ai_next) {
    Descriptor socket(::socket(one->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    error = socket ? ConnectWithin(socket, *one, limit) : errno;
    if (error != 0) continue;
    Set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    Set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, kSilentSeconds * 1000);
    Set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    Set(socket, IPPROTO_TCP, TCP_KEEPIDLE, kSilentSeconds / 2);
    Set(socket, IPPROTO_TCP, TCP_KEEPINTVL, kSilentSeconds / 6);
    return socket;
  }
  return Failed("can't connect to " + host + " port " + std::to_string(port), error);
}

Result<Descriptor> ListenOn(const std::string& address, uint16_t port) {
  TRY(const Addresses addresses, Find(address, port, AI_NUMERICHOST | AI_PASSIVE));
  const std::string what = "can't listen on " + address + " port " + std::to_string(port);
  Descriptor socket(::socket(addresses->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return Failed(what, errno);
  Set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  if (::bind(socket.get(), addresses->ai_addr, addresses->ai_addrlen) != 0 || ::listen(socket.get(), kBacklog) != 0) {
    return Failed(what, errno);
  }
  return socket;
}

uint16_t PortOf(const Descriptor& listener) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<const sockaddr_in&>(address).sin_port);
}

Result<Descriptor> ListenAtPath(const std::string& path) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  if (path.size() >= sizeof(address.sun_path)) {
    return Error{.code = Code::kInvalid, .message = path + ": is too long for a socket"};
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return Failed(path, errno);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return files::SystemError(path, errno);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::chmod(path.c_str(), 0777) != 0 || ::listen(socket.get(), kBacklog) != 0) {
    return files::SystemError(path, errno);
  }
  return socket;
}

}  // namespace coreflow::http
