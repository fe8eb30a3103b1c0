#include "pkg/executor/test_courier.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <array>

#include "pkg/base/check.h"

namespace coreflow::executor {

namespace {

// Exactly that many bytes, or false at the end.
bool Read(const files::Descriptor& connection, std::span<char> buffer) {
  const auto count = files::ReadFull(connection, buffer, "the connection");
  return count && *count == buffer.size();
}

}  // namespace

TestCourier::TestCourier(const std::string& path, std::vector<Play> script)
    : script_(std::move(script)), listener_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  CHECK(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0, "the path is free");
  CHECK(::listen(listener_.get(), 16) == 0, "a bound socket can listen");
  thread_ = std::thread([this] { Run(); });
}

TestCourier::~TestCourier() {
  ::shutdown(listener_.get(), SHUT_RDWR);
  thread_.join();
}

std::vector<Received> TestCourier::received() {
  const std::lock_guard lock(mu_);
  return received_;
}

void TestCourier::Run() {
  std::vector<files::Descriptor> kept;
  for (size_t next = 0;; ++next) {
    files::Descriptor connection(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!connection) return;
    Received received;
    Play play = next < script_.size() ? script_[next] : Play{};
    const bool there = Serve(connection, play, &received);
    if (next >= script_.size()) play.answer = "OK " + Digest() + " " + std::to_string(received.bytes.size()) + "\n";
    {
      const std::lock_guard lock(mu_);
      received_.push_back(std::move(received));
    }
    if (there) ::send(connection.get(), play.answer.data(), play.answer.size(), MSG_NOSIGNAL);
    if (play.stays) kept.push_back(std::move(connection));
  }
}

bool TestCourier::Serve(const files::Descriptor& connection, const Play& play, Received* received) {
  while (!received->request.ends_with('\n')) {
    char c = 0;
    if (!Read(connection, {&c, 1})) return false;
    received->request += c;
  }
  while (play.after < 0 || received->bytes.size() < static_cast<size_t>(play.after)) {
    std::array<char, 4> head{};
    if (!Read(connection, head)) return false;
    size_t length = 0;
    for (const char c : head) length = length << 8 | static_cast<unsigned char>(c);
    if (length > size_t{1} << 20) return false;
    received->complete = length == 0;
    if (received->complete) return true;
    std::string frame(length, '\0');
    if (!Read(connection, frame)) return false;
    received->bytes += frame;
  }
  return true;
}

}  // namespace coreflow::executor
