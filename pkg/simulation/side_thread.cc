#include "pkg/simulation/side_thread.h"

#include <utility>

namespace coreflow::simulation {

SideThread::SideThread(std::function<void(SideThread& self)> work)
    : thread_([this, work = std::move(work)] {
        go_on_.acquire();
        if (!stop_.stop_requested()) work(*this);
        ended_ = true;
        handed_over_.release();
      }) {}

SideThread::~SideThread() {
  stop_.request_stop();
  Resume();  // once is enough: it waits no more
  thread_.join();
}

bool SideThread::Resume() {
  if (ended_) return true;
  go_on_.release();
  handed_over_.acquire();
  return ended_;
}

bool SideThread::Wait() {
  if (stop_.stop_requested()) return false;
  handed_over_.release();
  go_on_.acquire();
  return !stop_.stop_requested();
}

}  // namespace coreflow::simulation
