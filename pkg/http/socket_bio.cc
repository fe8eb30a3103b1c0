#include "pkg/http/socket_bio.h"

#include <openssl/bio.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>

#include "pkg/base/check.h"

namespace coreflow::http {

namespace {

int SocketOf(BIO* bio) { return static_cast<int>(reinterpret_cast<intptr_t>(BIO_get_data(bio))); }

bool MayGoOn(int error) { return error == EAGAIN || error == EINTR; }

int Read(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t count = ::recv(SocketOf(bio), bytes, static_cast<size_t>(size), 0);
  if (count < 0 && MayGoOn(errno)) BIO_set_retry_read(bio);
  return static_cast<int>(count);
}

int Write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const ssize_t count = ::send(SocketOf(bio), bytes, static_cast<size_t>(size), MSG_NOSIGNAL);
  if (count < 0 && MayGoOn(errno)) BIO_set_retry_write(bio);
  return static_cast<int>(count);
}

long Control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO_METHOD* NewMethod() {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
  CHECK(method != nullptr, "there is memory");
  BIO_meth_set_read(method, &Read);
  BIO_meth_set_write(method, &Write);
  BIO_meth_set_ctrl(method, &Control);
  return method;
}

}  // namespace

BIO* NewSocketBio(int socket) {
  static const BIO_METHOD* const method = NewMethod();
  BIO* bio = BIO_new(method);
  CHECK(bio != nullptr, "there is memory");
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<intptr_t>(socket)));
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace coreflow::http
