#include "operator/signals/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

#include "pkg/base/check.h"

namespace coreflow {
namespace {

constexpr std::array kStopping = {SIGTERM, SIGINT};

// All that a handler can reach: it may only write to a pipe, or end the process.
std::atomic<int> pipe_writer = -1;
std::atomic<bool> asked = false;
std::array<struct sigaction, kStopping.size()> previous;
std::array<int, 2> ends;

constexpr char kSignal = 's';
constexpr char kQuit = 'q';

void Tell(char what) {
  const int saved = errno;
  while (write(pipe_writer, &what, 1) < 0 && errno == EINTR) {
  }
  errno = saved;
}

extern "C" void OnSignal(int number) {
  if (asked.exchange(true)) _exit(128 + number);
  Tell(kSignal);
}

}  // namespace

Signals::Signals() {
  CHECK(pipe_writer == -1, "only one Signals lives at a time");
  CHECK(pipe2(ends.data(), O_CLOEXEC) == 0, "a process that starts can open a pipe");
  pipe_writer = ends[1];
  asked = false;
  waiter_ = std::thread([this] {
    char what = 0;
    ssize_t got;
    do {
      got = read(ends[0], &what, 1);
    } while (got < 0 && errno == EINTR);
    if (got == 1 && what == kSignal) stop_.request_stop();
  });
  struct sigaction action = {};
  action.sa_handler = &OnSignal;
  action.sa_flags = SA_RESTART;
  for (size_t i = 0; i < kStopping.size(); ++i) sigaction(kStopping[i], &action, &previous[i]);
  signal(SIGPIPE, SIG_IGN);
  sigset_t heard;
  sigemptyset(&heard);
  for (int number : kStopping) sigaddset(&heard, number);
  pthread_sigmask(SIG_UNBLOCK, &heard, nullptr);
}

Signals::~Signals() {
  for (size_t i = 0; i < kStopping.size(); ++i) sigaction(kStopping[i], &previous[i], nullptr);
  Tell(kQuit);
  waiter_.join();
  for (int end : ends) close(end);
  pipe_writer = -1;
}

}  // namespace coreflow
