#include "operator/manager/cpu_sampler.h"

#include <signal.h>
#include <sys/time.h>
#include <unwind.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <span>
#include <string>
#include <thread>
#include <utility>

#include "pkg/base/check.h"

namespace coreflow::manager {

// Stacks one behind the other, each after its depth.
class SampleBuffer {
 public:
  explicit SampleBuffer(size_t room) : words_(std::make_unique_for_overwrite<uintptr_t[]>(room)), size_(room) {}

  // From the handler, in several threads at once.
  void Add(std::span<const uintptr_t> stack) {
    size_t at = used_;
    do {
      if (stack.empty() || size_ - at < stack.size() + 1) {
        ++lost_;
        return;
      }
    } while (!used_.compare_exchange_weak(at, at + stack.size() + 1));
    words_[at] = stack.size();
    std::ranges::copy(stack, &words_[at + 1]);
  }

  // When nobody adds any more.
  StackSamples Read() const {
    StackSamples samples{.lost = lost_};
    for (size_t at = 0; at < used_; at += words_[at] + 1) {
      const uintptr_t* const first = &words_[at + 1];
      ++samples.stacks[std::vector<uintptr_t>(first, first + words_[at])];
    }
    return samples;
  }

 private:
  const std::unique_ptr<uintptr_t[]> words_;
  const size_t size_;
  std::atomic<size_t> used_ = 0;
  std::atomic<size_t> lost_ = 0;
};

namespace {

struct Stack {
  std::array<uintptr_t, kDeepestStack> addresses;
  size_t depth = 0;
};

// All that the handler can reach.
std::atomic<SampleBuffer*> active = nullptr;  // null: nothing is sampled
std::atomic<int> inside = 0;                  // threads that run the handler
static_assert(std::atomic<void*>::is_always_lock_free && std::atomic<size_t>::is_always_lock_free);

// The frames of the handler come first. The one that was interrupted is told by its address: that of the instruction
// itself, where all others have the one behind their call.
_Unwind_Reason_Code TakeFrame(_Unwind_Context* context, void* into) {
  Stack& stack = *static_cast<Stack*>(into);
  int interrupted = 0;
  const uintptr_t address = _Unwind_GetIPInfo(context, &interrupted);
  if (address == 0) return _URC_END_OF_STACK;
  if (stack.depth == 0 && interrupted == 0) return _URC_NO_REASON;
  stack.addresses[stack.depth++] = address;
  return stack.depth == kDeepestStack ? _URC_END_OF_STACK : _URC_NO_REASON;
}

extern "C" void OnTick(int) {
  const int saved = errno;
  ++inside;
  if (SampleBuffer* const buffer = active) {
    Stack stack;
    _Unwind_Backtrace(&TakeFrame, &stack);
    buffer->Add({stack.addresses.data(), stack.depth});
  }
  --inside;
  errno = saved;
}

Result<void> SetTimer(std::chrono::microseconds period) {
  const timeval every{.tv_sec = 0, .tv_usec = period.count()};
  const itimerval timer{.it_interval = every, .it_value = every};
  if (setitimer(ITIMER_PROF, &timer, nullptr) == 0) return {};
  return Error{.code = Code::kUnavailable, .message = std::string("setitimer: ") + std::strerror(errno)};
}

}  // namespace

Result<std::unique_ptr<CpuSampler>> CpuSampler::Start(size_t room) {
  // What the unwinder does once, it does here, and not in the handler.
  Stack first;
  _Unwind_Backtrace(&TakeFrame, &first);
  struct sigaction action = {};
  action.sa_handler = &OnTick;
  action.sa_flags = SA_RESTART;
  sigaction(SIGPROF, &action, nullptr);
  std::unique_ptr<CpuSampler> sampler(new CpuSampler(std::make_unique<SampleBuffer>(room)));
  TRY_VOID(SetTimer(kSamplePeriod));
  return sampler;
}

CpuSampler::CpuSampler(std::unique_ptr<SampleBuffer> buffer) : buffer_(std::move(buffer)) {
  CHECK(active.exchange(buffer_.get()) == nullptr, "only one CpuSampler lives at a time");
}

CpuSampler::~CpuSampler() {
  if (buffer_) Stop();
}

// The handler stays: a tick that is still on its way would end a process that has none.
StackSamples CpuSampler::Stop() {
  CHECK(buffer_ != nullptr, "it is stopped once");
  (void)SetTimer({});
  active = nullptr;
  while (inside > 0) std::this_thread::yield();
  return std::exchange(buffer_, nullptr)->Read();
}

}  // namespace coreflow::manager
