#include "pkg/simulation/side_thread.h"

#include <utility>

namespace coreflow::simulation {

SideThread::SideThread(std::function<void(SideThread& self)> work)
    : thread_([this, work = std::move(work)] {
        Await(Turn::kWork);
        if (!stop_.stop_requested()) work(*this);
        ended_ = true;
        Give(Turn::kLoop);
      }) {}

SideThread::~SideThread() {
  stop_.request_stop();
  Resume();  // once is enough: it waits no more
  thread_.join();
}

void SideThread::Give(Turn turn) {
  {
    const std::lock_guard lock(mu_);
    turn_ = turn;
  }
  given_.notify_one();
}

void SideThread::Await(Turn turn) {
  std::unique_lock lock(mu_);
  given_.wait(lock, [&] { return turn_ == turn; });
}

bool SideThread::Resume() {
  if (ended_) return true;
  Give(Turn::kWork);
  Await(Turn::kLoop);
  return ended_;
}

bool SideThread::Wait() {
  if (stop_.stop_requested()) return false;
  Give(Turn::kLoop);
  Await(Turn::kWork);
  return !stop_.stop_requested();
}

}  // namespace coreflow::simulation
